"""Under which name does the browser keep the chosen language, theme and navigation?"""

LANGUAGE_COOKIE = "koers-language"
THEME_COOKIE = "koers-theme"
NAVIGATION_COOKIE = "koers-nav"
