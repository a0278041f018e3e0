"""aiosmtpd with a folder as its mailbox: aiosmtpd_server.py PORT FOLDER CERTIFICATE PRIVATE_KEY USER PASSWORD"""

import asyncio
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

port, folder, certificate, private_key, user, password = sys.argv[1:]


class Handler:
    number = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused"):
            return "550 5.1.1 No such user"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        Handler.number += 1
        name = f"{Handler.number:06}"
        with open(os.path.join(folder, "tmp", name), "wb") as file:
            file.write(f"Return-Path: <{envelope.mail_from}>\r\n".encode())
            for address in envelope.rcpt_tos:
                file.write(f"Delivered-To: {address}\r\n".encode())
            file.write(envelope.content)
        os.rename(os.path.join(folder, "tmp", name), os.path.join(folder, "new", name))
        return "250 2.0.0 Stored"


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (user.encode(), password.encode()))


async def main():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, private_key)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(Handler(), hostname="aiosmtpd.example", enable_SMTPUTF8=True, tls_context=context, authenticator=authenticate),
        "127.0.0.1",
        int(port),
    )
    await server.serve_forever()


asyncio.run(main())
