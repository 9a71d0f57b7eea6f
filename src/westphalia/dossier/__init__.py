"""The dossier: sources, and statements coded in them by span."""
