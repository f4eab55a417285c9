from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError

from cpor_cases.actions import second_factors, staff, staff_invitations
from cpor_cases.mail import links
from cpor_cases.management.account_names import find_account
from cpor_cases.models import EnrolmentLink, StaffInvitation
from cpor_cases.permissions import is_role_at_a_court, is_staff_account, staff_accounts
from cpor_core.email_addresses import normalise
from cpor_core.models import Court


class Command(BaseCommand):
    help = (
        "Lists who works in the office, invites people by mail, sends their link again, and ends their work."
    )

    def add_arguments(self, parser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="who works in the office, and who is invited")
        inviting = actions.add_parser("invite", help="mail somebody the link to set up a log-in")
        inviting.add_argument("address", help="email address")
        inviting.add_argument("--name", required=True, help="family name, a comma, given name")
        inviting.add_argument("--role", required=True, help="the name of a group, such as Clerks")
        inviting.add_argument("--court", default="", help="code of the court; for clerks and court managers")
        again = actions.add_parser("again", help="mail a new link to somebody who was invited")
        again.add_argument("address", help="email address")
        for each in (inviting, again):
            each.add_argument("--print-link", action="store_true", help="print the link, and mail nothing")
        actions.add_parser("end", help="end posts and log-ins").add_argument(
            "user", help="account name or address"
        )

    def handle(self, *args, action: str, **options) -> None:
        getattr(self, f"_{action}")(options)

    def _list(self, options: dict) -> None:
        people = staff_accounts().prefetch_related("groups", "posts__court").order_by("username")
        for account in people:
            facts = [
                account.username,
                account.email,
                ",".join(group.name for group in account.groups.all()) or "-",
                ",".join(post.court.code for post in account.posts.all()) or "-",
                f"{account.last_login:%Y-%m-%d}" if account.last_login else "never",
                "second factor" if second_factors.has_second_factor(account) else "no second factor",
                "works here" if account.is_active else "ended",
            ]
            self.stdout.write("\t".join(facts))
        for invitation in StaffInvitation.objects.select_related("role", "court"):
            code = invitation.court.code if invitation.court else "-"
            until = f"invited, link until {invitation.expires_at:%Y-%m-%d %H:%M} UTC"
            self.stdout.write("\t".join(["-", invitation.address, invitation.role.name, code, until]))

    def _invite(self, options: dict) -> None:
        role, court = self._role(options["role"]), self._court(options["court"])
        if is_role_at_a_court(role) != (court is not None):
            raise CommandError("--court is for clerks and court managers, and they need one.")
        last_name, _, first_name = options["name"].partition(",")
        try:
            invitation = staff_invitations.invite(
                email=normalise(options["address"]),
                last_name=last_name.strip(),
                first_name=first_name.strip(),
                role=role,
                court=court,
                is_mailed=not options["print_link"],
            )
        except staff_invitations.WorksHere as error:
            raise CommandError("This person works in the office already.") from error
        self._report(invitation, options)

    def _again(self, options: dict) -> None:
        invitation = StaffInvitation.objects.filter(address=normalise(options["address"])).first()
        if invitation is None:
            raise CommandError(
                "Nobody with this address is invited; manage.py second_factor_link is for who works here."
            )
        staff_invitations.send_again(invitation=invitation, is_mailed=not options["print_link"])
        self._report(invitation, options)

    def _end(self, options: dict) -> None:
        account = find_account(options["user"])
        if not is_staff_account(account):
            raise CommandError("This account does not work in the office.")
        staff.end(account=account)
        self.stdout.write(f"{account.username}: posts and log-ins ended.")

    def _report(self, invitation: StaffInvitation, options: dict) -> None:
        if not options["print_link"]:
            self.stdout.write(f"{invitation.address}: the link is on its way.")
            return
        link = EnrolmentLink.objects.filter(account=invitation.account).first()
        if link is None:
            raise CommandError(
                "This address belongs to somebody who follows cases; the office needs another one."
            )
        self.stdout.write(links.absolute(links.enrolment_path(link)))

    def _role(self, name: str) -> Group:
        found = Group.objects.filter(name=name, permissions__codename="access_admin").first()
        if found is None:
            names = Group.objects.filter(permissions__codename="access_admin").values_list("name", flat=True)
            raise CommandError(f"There is no such role. The roles are: {', '.join(sorted(names))}.")
        return found

    def _court(self, code: str) -> Court | None:
        found = Court.objects.filter(code=code).first()
        if code and found is None:
            raise CommandError(f"There is no court with the code {code}.")
        return found
