"""What a site says: frozen values, checked before anything is touched."""
