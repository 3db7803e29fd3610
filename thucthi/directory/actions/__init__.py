"""Every change of the directory."""

from thucthi.directory.actions.accounts import (
    NewAccount,
    create_account,
    deactivate_account,
    end_role,
    grant_role,
    open_account,
    set_password,
)
from thucthi.directory.actions.delegations import NewDelegation, delegate, revoke_delegation
from thucthi.directory.actions.events import NewEvent, record_event
from thucthi.directory.actions.organisations import NewOrganisation, register_leaderships, register_organisations
from thucthi.directory.actions.people import NewHolder, appoint, create_posts_and_tenures, end_tenure
from thucthi.directory.actions.tokens import GivenToken, NewToken, give_token, note_token_use, revoke_token

__all__ = [
    "GivenToken",
    "NewAccount",
    "NewDelegation",
    "NewEvent",
    "NewHolder",
    "NewOrganisation",
    "NewToken",
    "appoint",
    "create_account",
    "create_posts_and_tenures",
    "deactivate_account",
    "delegate",
    "end_role",
    "end_tenure",
    "give_token",
    "grant_role",
    "note_token_use",
    "open_account",
    "record_event",
    "register_leaderships",
    "register_organisations",
    "revoke_delegation",
    "revoke_token",
    "set_password",
]
