"""Django's admin over every model. What people work on is changed through the commands, so that history is whole."""
