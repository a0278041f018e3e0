"""Sends what the job file given as the only argument asks for, with Python's smtplib."""

import json
import smtplib
import ssl
import sys


def connect(job):
    context = ssl.create_default_context(cafile=job["authority"]) if job["authority"] else None
    if job["security"] == "Implicit":
        return smtplib.SMTP_SSL(job["host"], job["port"], job["hello"], timeout=120, context=context)
    client = smtplib.SMTP(job["host"], job["port"], job["hello"], timeout=120)
    client.ehlo()
    if job["security"] == "StartTls":
        client.starttls(context=context)
        client.ehlo()
    return client


def log_in(client, job):
    client.user, client.password = job["user"], job["password"]
    methods = {"PLAIN": client.auth_plain, "LOGIN": client.auth_login}
    client.ehlo_or_helo_if_needed()
    client.auth(job["mechanism"], methods[job["mechanism"]])


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        job = json.load(file)
    with connect(job) as client:
        if job["mechanism"]:
            log_in(client, job)
        for name in job["contents"]:
            with open(name, "rb") as file:
                refused = client.sendmail(job["from"], job["to"], file.read(), job["options"])
            if refused:
                sys.exit(f"Refused recipients: {refused}")


main()
