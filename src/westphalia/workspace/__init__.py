"""What a folder of cases holds beside the cases, and who may do what; no HTML, no request."""
