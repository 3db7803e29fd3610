"""Prints the accounts with which a newcomer tries the demonstration."""

from django.core.management.base import BaseCommand

from thucthi.demonstration.loading_people import PASSWORD, shown_accounts


class Command(BaseCommand):
    help = "In các tài khoản trình diễn · Print the accounts of the demonstration"

    def handle(self, *args: object, **options: object) -> None:
        for username, roles, organisation in shown_accounts():
            self.stdout.write(f"   {username:<24} {PASSWORD}   {roles} – {organisation}")
