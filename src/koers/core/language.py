"""Under which name does the browser keep the chosen language?"""

LANGUAGE_COOKIE = "koers-language"
THEME_COOKIE = "koers-theme"
