"""What sends records to receivers outside; no frame can come here."""
