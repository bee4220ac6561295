# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""Connections that must not come about, and what the service says of them on /health and in its log."""

import re

from programs import until


def start(programs):
    """Starts a service for each refusal: (what, the service, its dependency, the words that have to be there)."""
    amqp, mongodb = programs.secret("command-api", "amqp-url"), programs.secret("command-api", "mongodb-uri")
    ours, others = f"{programs.folder}/tls/ca.crt", f"{programs.folder}/others/ca.crt"

    def wrong_password(url):
        return re.sub(r"://([^:]+):[^@]+@", r"://\1:wrong@", url)

    # Each breaks one of the two connections in its own way; together they are few programs.
    broken = [
        ("a wrong password", wrong_password(amqp), wrong_password(mongodb)),
        ("an unknown authority", amqp.replace(ours, others), mongodb.replace(ours, others)),
        ("a certificate of another host", amqp.replace("@localhost", "@127.0.0.1"), mongodb.replace("@localhost", "@127.0.0.1").replace("replicaSet=rs0", "directConnection=true")),
        ("no TLS", re.sub(r"\?.*", "", amqp).replace("amqps:", "amqp:"), re.sub(r"&tls=.*", "", mongodb)),
    ]
    words = {
        "a wrong password": ("authenticationRefused", "authentication"),
        "an unknown authority": ("TLS failed", "TLS failed"),
        "a certificate of another host": ("TLS failed", "TLS failed"),
        "no TLS": ("does the broker want TLS", "does it want TLS"),
    }
    found = []
    for what, url, uri in broken:
        files = {}
        for name, text in (("AMQP_URL_FILE", url), ("MONGODB_URI_FILE", uri)):
            file = programs.folder / "log" / f"{what.replace(' ', '-')}.{name}"
            file.write_text(text)
            files[name] = str(file)
        service = programs.start("command-api", changes=files, label=f"command-api-with-{what.replace(' ', '-')}")
        found.append((what, service, words[what]))
    return found


def check(refused, report):
    for what, service, words in refused:
        for dependency, word in zip(("rabbitmq", "mongodb"), words):
            seen = until(15, lambda: re.search(rf"\b{word}\b", service.reasons().get(dependency, "")))
            report.check(f"{what}: {dependency} is refused, says /health", seen, f"{word} is not in {service.reasons()}")

            def is_logged():
                lines = service.log.read_text().splitlines()
                return any(word in line and ("amqp." in line) == (dependency == "rabbitmq") for line in lines)

            report.check(f"{what}: {dependency} is refused, says the log", until(10, is_logged), f"{word} is not in {service.log}")
        report.check(f"{what}: not ready", service.call("GET", "/ready")[0] == 503)
        text = service.log.read_text()
        report.check(f"{what}: no password in the log", "wrong@" not in text and "://command-api:" not in text, f"see {service.log}")
