"""An emulated AWS on which templates and Terraform modules are deployed and compared."""
