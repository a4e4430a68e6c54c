"""What every room uses and that knows no domain: base model, audit, roles, design-system templates."""
