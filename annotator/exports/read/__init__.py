"""What exports are made of: items and answers out of the database, and the spool they wait in."""
