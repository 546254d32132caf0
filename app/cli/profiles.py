"""`profile …` and `secret …`: documents and secrets."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli import json_lines
from app.cli.context import Context
from app.cli.options import JsonOption
from app.cli.output import read, write
from app.domain.errors import ConfigurationError
from app.domain.texts import Text
from app.host.profiles import json_schema
from app.host.secrets import SIGN_INS


def add_profiles(app: typer.Typer, context: Context) -> None:
    """Register the commands."""
    group = typer.Typer(help="Profile documents.", rich_markup_mode=None)
    app.add_typer(group, name="profile")
    secrets = typer.Typer(help="Secrets in the keyring.", rich_markup_mode=None)
    app.add_typer(secrets, name="secret")

    @group.command("list")
    def list_(as_json: JsonOption = False) -> None:
        """Names of all profiles."""
        names = context.services.profiles.names()
        if as_json:
            print(json_lines.line({"profiles": names}))
        else:
            print("\n".join(names) if names else "No profile yet")

    @group.command()
    def show(name: str, as_json: JsonOption = False) -> None:
        """One profile with its defaults filled in."""
        _print_document(context.services.profiles.document(name), compact=as_json)

    @group.command("import")
    def import_(
        file: Path,
        replace: Annotated[bool, typer.Option("--replace", help="Overwrite it.")] = False,
        as_json: JsonOption = False,
    ) -> None:
        """Check a document and keep it as a profile."""
        content = sys.stdin.buffer.read() if str(file) == "-" else read(file)
        name = context.services.profiles.save(content, replace=replace)
        if as_json:
            print(json_lines.line({"imported": name}))
        else:
            print(f"Imported {name}")

    @group.command()
    def export(
        name: str, file: Annotated[Path | None, typer.Argument()] = None,
        as_json: JsonOption = False,
    ) -> None:  # fmt: skip
        """Write a profile out; it never holds a secret."""
        document = context.services.profiles.document(name)
        if file is None:
            _print_document(document, compact=as_json)
        else:
            write(file, json.dumps(document, ensure_ascii=False, indent=2) + "\n")

    @group.command()
    def delete(
        name: str,
        yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
        as_json: JsonOption = False,
    ) -> None:
        """Delete a profile, its secrets and its state; accounts in GoTo stay as they are."""
        services = context.services
        services.profiles.choose(name)
        if not yes and sys.stdin.isatty():
            typer.confirm(f"Delete {name}, its secrets and its history?", abort=True, err=True)
        services.forget(name)
        services.profiles.delete(name)
        if as_json:
            print(json_lines.line({"deleted": name}))

    @group.command()
    def schema(as_json: JsonOption = False) -> None:
        """The JSON Schema of the profile document."""
        _print_document(json_schema(), compact=as_json)

    @secrets.command("set")
    def set_(profile: str, secret: str, as_json: JsonOption = False) -> None:
        """Read a secret from standard input into the keyring.

        source.client_secret: the value of the client secret, not its ID.

        source.certificate: certificate and private key, one after the other, as PEM
        (cat key.pem cert.pem | rollcall secret set contoso source.certificate), or a PFX file in
        base64. The key must have no password; openssl pkcs12 -in cert.pfx -nodes writes such PEM.

        target.password, target.token, target.client_secret (if the OAuth client has one),
        smtp.password. For browser and device_code run rollcall sign-in instead.
        """
        services = context.services
        services.profiles.choose(profile)
        if secret in SIGN_INS:
            raise ConfigurationError(
                Text("{name} is nothing to type in.", {"name": secret}),
                Text("Run `rollcall sign-in -p {profile}`.", {"profile": profile}),
                key=secret,
            )
        if sys.stdin.isatty():
            value = typer.prompt(secret, hide_input=True, err=True)
        else:
            value = sys.stdin.read()
            value = value.removesuffix("\n").removesuffix("\r")
        services.secrets.set(profile, secret, value)
        if as_json:
            print(json_lines.line({"set": secret, "profile": profile}))


def _print_document(document: dict[str, Any], *, compact: bool) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=None if compact else 2))
