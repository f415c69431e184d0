"""The web room: the Django project, its pages and the live link to the browsers."""
