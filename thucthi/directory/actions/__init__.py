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

__all__ = [
    "NewAccount",
    "NewDelegation",
    "NewEvent",
    "NewHolder",
    "NewOrganisation",
    "appoint",
    "create_account",
    "create_posts_and_tenures",
    "deactivate_account",
    "delegate",
    "end_role",
    "end_tenure",
    "grant_role",
    "open_account",
    "record_event",
    "register_leaderships",
    "register_organisations",
    "revoke_delegation",
    "set_password",
]
