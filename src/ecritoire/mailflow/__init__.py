"""Mail on the move: Postfix's maps, submission, signatures."""
