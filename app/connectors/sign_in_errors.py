"""Refusals of the two sign-in services as domain errors (spec/graph.md 1.5, spec/goto.md 10 #16).

Where only a person can help the error is a `SignInNeeded`, and its advice is the shelf's: what to
run or click for a new sign-in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.connectors.errors import faulty, quotation, unexpected_status
from app.connectors.wire import Answer, JsonObject, text_of
from app.domain.errors import CredentialsRefused, Service, ServiceError, SignInNeeded
from app.domain.settings import SourceSignIn
from app.domain.texts import Text

_FOR_PERSON = ("invalid_grant", "interaction_required", "consent_required", "login_required")
_DECLINED = ("access_denied", "authorization_declined")
_TOO_LATE = ("expired_token", "bad_verification_code")
_FOR_ADMINISTRATOR = frozenset({65001, 90094, 53003})
"""Consent and Conditional Access: signing in again would change nothing."""
_NO_CONSENT = frozenset({65001, 90094})
_NO_USER = Text("the administrator")


class ConsentMissing(CredentialsRefused):
    """Nobody has consented to a permission that was asked for."""


# --- both ----------------------------------------------------------------------------------


def nobody_signed_in(service: Service, advice: Text) -> SignInNeeded:
    """Nothing usable is in the keyring."""
    return SignInNeeded(service, Text("Nobody is signed in at {service}.", _at(service)), advice)


def nobody_came(service: Service, host: str, seconds: float, advice: Text) -> SignInNeeded:
    """The browser or the code was left alone until time ran out."""
    minutes = max(1, round(seconds / 60))
    return SignInNeeded(
        service,
        Text(
            "Nobody signed in at {host} within {n} minute.",
            {"host": host, "n": minutes},
            plural="Nobody signed in at {host} within {n} minutes.",
        ),
        advice,
    )


def _at(service: Service) -> dict[str, str]:
    return {"service": "Microsoft" if service is Service.SOURCE else "GoTo"}


def _declined(service: Service, body: Mapping[str, object], advice: Text) -> SignInNeeded:
    return SignInNeeded(
        service,
        Text(
            "The sign-in at {service} was declined.{quote}",
            {**_at(service), "quote": quotation(_words(body))},
        ),
        advice,
    )


# --- Microsoft -----------------------------------------------------------------------------


def microsoft_token_error(
    body: JsonObject,
    *,
    tenant: str,
    client_id: str,
    request_id: str | None = None,
    way: SourceSignIn = SourceSignIn.CLIENT_SECRET,
) -> CredentialsRefused:
    """A refusal of the token endpoint (spec/graph.md 1.5), by its AADSTS number."""
    names = {"tenant": tenant, "client": client_id}
    numbers = _aadsts_numbers(body)
    found = _about_way(numbers, way, names)
    text, advice = found or _microsoft_sign_in_sentence(numbers, body, names)
    kind = ConsentMissing if numbers & _NO_CONSENT else CredentialsRefused
    return kind(Service.SOURCE, text, advice, request_id=request_id)


def asks_for_person(body: JsonObject) -> bool:
    """Whether somebody has to sign in (again), be it that they declined or came too late."""
    told = body.get("error") in (*_FOR_PERSON, *_DECLINED, *_TOO_LATE)
    return told and not _aadsts_numbers(body) & _FOR_ADMINISTRATOR


def microsoft_signed_out(
    body: JsonObject, user: str, advice: Text, request_id: str | None
) -> SignInNeeded:
    """The refresh token is expired or revoked, or a policy wants the person (graph.md 1.4)."""
    return SignInNeeded(
        Service.SOURCE,
        Text(
            "Microsoft no longer accepts the sign-in of {user}.{quote}",
            {"user": user or _NO_USER, "quote": quotation(_words(body))},
        ),
        advice,
        request_id=request_id,
    )


def microsoft_not_signed_in(body: JsonObject, advice: Text, request_id: str | None) -> SignInNeeded:
    """Somebody tried, and is not signed in."""
    if body.get("error") in _DECLINED:
        return _declined(Service.SOURCE, body, advice)
    quote = {"quote": quotation(_words(body))}
    late = body.get("error") in _TOO_LATE
    text = (
        Text("The code ran out before anybody signed in.{quote}", quote)
        if late
        else Text("Microsoft did not sign anybody in.{quote}", quote)
    )
    return SignInNeeded(Service.SOURCE, text, advice, request_id=request_id)


def _about_way(
    numbers: frozenset[int], way: SourceSignIn, names: dict[str, str]
) -> tuple[Text, Text] | None:
    """What only this way of signing in can run into."""
    if way is SourceSignIn.CERTIFICATE and numbers & {700027, 50027, 7000222}:
        return (
            Text("Microsoft refused the certificate of application {client}.", names),
            Text(
                "Upload the certificate under App registrations, Certificates & secrets, and check"
                " that it has not expired and that source.certificate holds the same one."
            ),
        )
    if 700024 in numbers:
        return (
            Text("Microsoft finds the time of this computer wrong.", names),
            Text("Set the computer's date, time and time zone right, then try again."),
        )
    if way.by_person and 7000218 in numbers:
        return (
            Text("Application {client} may not sign people in.", names),
            Text(
                "Switch on “Allow public client flows” under App registrations, Authentication;"
                " for the browser add the platform Mobile and desktop applications with"
                " http://localhost."
            ),
        )
    return None


def _microsoft_sign_in_sentence(
    numbers: frozenset[int], body: JsonObject, names: dict[str, str]
) -> tuple[Text, Text]:
    if 7000222 in numbers:
        return (
            Text("The client secret of application {client} has expired.", names),
            Text(
                "Make a new client secret under App registrations, Certificates & secrets, and"
                " store it with `rollcall secret set` or in the wizard."
            ),
        )
    if numbers & {7000215, 70002}:
        return (
            Text("Microsoft refused the client secret of application {client}.", names),
            Text(
                "Enter the secret's value, not its ID; make a new one under App registrations,"
                " Certificates & secrets if it is lost."
            ),
        )
    if 700016 in numbers:
        return (
            Text("Tenant {tenant} knows no application {client}.", names),
            Text("Check source.client_id (the application's client ID) and source.tenant."),
        )
    if numbers & {90002, 900023}:
        return (
            Text("Microsoft knows no tenant {tenant}.", names),
            Text("Check source.tenant: the tenant's ID or one of its verified domains."),
        )
    if numbers & {65001, 90094}:
        return (
            Text("Application {client} has no administrator's consent in {tenant}.", names),
            Text("Grant admin consent under App registrations, API permissions."),
        )
    if 53003 in numbers:
        return (
            Text("Conditional Access of tenant {tenant} blocked application {client}.", names),
            Text("Exclude the application, or this computer's location, from the policy."),
        )
    if body.get("error") in ("unauthorized_client", "invalid_client"):
        return (
            Text(
                "Microsoft refused application {client} in tenant {tenant}.{quote}",
                {**names, "quote": quotation(_words(body))},
            ),
            Text("Check source.client_id, source.tenant and the client secret."),
        )
    return (
        Text(
            "Microsoft refused the sign-in of application {client}.{quote}",
            {**names, "quote": quotation(_words(body))},
        ),
        Text("Check source.tenant, source.client_id and the client secret."),
    )


def _aadsts_numbers(body: JsonObject) -> frozenset[int]:
    codes = body.get("error_codes")
    listed = {code for code in codes if isinstance(code, int)} if isinstance(codes, list) else set()
    written = re.findall(r"AADSTS(\d+)", text_of(body.get("error_description")))
    return frozenset(listed | {int(number) for number in written})


def _words(body: Mapping[str, object]) -> str:
    """What the service says itself."""
    words = (body.get(name) for name in ("error_description", "msg", "message", "error", "err"))
    return next((word for word in words if isinstance(word, str) and word), "")


# --- GoTo ----------------------------------------------------------------------------------


def goto_token_error(answer: Answer, *, user_name: str | None) -> ServiceError:
    """A refusal of GoTo's token endpoint (spec/goto.md 5, 10 point 16)."""
    body = answer.json_object()
    code = text_of(body.get("error")).casefold()
    values = {"user": user_name or "", "quote": quotation(_words(body))}
    if code == "invalid_client":
        return CredentialsRefused(
            Service.TARGET,
            Text("GoTo refused the OAuth client.{quote}", values),
            "Check target.client_id, and target.client_secret when the client has one.",
            request_id=answer.request_id,
        )
    if code in ("unauthorized_client", "unsupported_grant_type"):
        return CredentialsRefused(
            Service.TARGET,
            Text("GoTo does not allow this way of signing in for the OAuth client.{quote}", values),
            "Clients made lately cannot sign in with a password: use a personal access token"
            " and enable that grant on the client.",
            request_id=answer.request_id,
        )
    if answer.status in (400, 401, 403) and user_name is not None:
        return CredentialsRefused(
            Service.TARGET,
            Text("GoTo refused the sign-in of {user}.{quote}", values),
            "Check the user name and password; accounts with multi-factor sign-in need a"
            " personal access token.",
            request_id=answer.request_id,
        )
    if answer.status in (400, 401, 403):
        return CredentialsRefused(
            Service.TARGET,
            Text("GoTo refused the personal access token.{quote}", values),
            "Make a new token at myaccount.goto.com and give it to Rollcall in place of this one.",
            request_id=answer.request_id,
        )
    return unexpected_status(Service.TARGET, answer)


def goto_not_renewed(answer: Answer, user: str, advice: Text) -> ServiceError:
    """A refusal of a refresh token or a code: a person has to sign in (again)."""
    body = answer.json_object()
    code = text_of(body.get("error")).casefold()
    if answer.status >= 500:
        return faulty(Service.TARGET, answer)
    if code == "invalid_client":
        return goto_token_error(answer, user_name=None)
    if code in ("unauthorized_client", "unsupported_grant_type"):
        return CredentialsRefused(
            Service.TARGET,
            Text(
                "GoTo does not allow this way of signing in for the OAuth client.{quote}",
                {"quote": quotation(_words(body))},
            ),
            "Allow the authorization code grant on the client in GoTo Developer Center.",
            request_id=answer.request_id,
        )
    if answer.status in (400, 401, 403):
        return SignInNeeded(
            Service.TARGET,
            Text(
                "GoTo no longer accepts the sign-in of {user}.{quote}",
                {"user": user or _NO_USER, "quote": quotation(_words(body))},
            ),
            advice,
            request_id=answer.request_id,
        )
    return unexpected_status(Service.TARGET, answer)


def goto_not_signed_in(answer: Mapping[str, str], advice: Text) -> SignInNeeded:
    """The browser came back without a code."""
    if answer["error"] in _DECLINED:
        return _declined(Service.TARGET, answer, advice)
    return SignInNeeded(
        Service.TARGET,
        Text("GoTo did not sign anybody in.{quote}", {"quote": quotation(_words(answer))}),
        advice,
    )
