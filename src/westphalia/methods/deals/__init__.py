"""Deals: utility over packages, no deal, who accepts."""
