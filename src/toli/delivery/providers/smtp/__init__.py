"""Mail over SMTP, and the reports of what did not arrive."""
