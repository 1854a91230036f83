"""The one place where all parts meet: settings in, a running Fusen out."""
