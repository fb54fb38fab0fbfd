"""How are figures written on the screen, in English and in Dutch?"""

from django import template

register = template.Library()
