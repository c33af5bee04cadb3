"""What the sample pages quote and import."""
