"""The end of a right as the person sees it: dates, what to take away, who answers in their place, what a renewal takes."""
