"""Stands as long tables: CSV and XLSX, out and in again, and a new case from one."""
