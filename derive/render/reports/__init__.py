"""What a check of articles found, on the screen, as JSON, as GitHub annotations, as SARIF."""
