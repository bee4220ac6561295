# This source file is part of the swift-cqrs project.
# SPDX-License-Identifier: MIT
"""receiver.py PORT: takes spans by OTLP/HTTP on 127.0.0.1, and is strict about them.

Prints a line of JSON for each span, or {"flaw": ...} for a request that it refuses, and before that {"listening": PORT}.
Messages are decoded by OpenTelemetry's own classes. Fields and names that these do not know are refused, and so is
whatever the encodings forbid that the decoders would let pass:
https://opentelemetry.io/docs/specs/otlp/#otlphttp and #json-protobuf-encoding.
"""

import base64
import gzip
import http.server
import json
import re
import sys

from google.protobuf import json_format, unknown_fields
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

ID_LENGTHS = {"traceId": 16, "spanId": 8, "parentSpanId": 8}
WIDE = {"startTimeUnixNano", "endTimeUnixNano", "timeUnixNano", "intValue"}
NUMBERS = {"kind", "code", "flags"}


class Flaw(Exception):
    """What is wrong with a request."""


def demand(condition, text):
    if not condition:
        raise Flaw(text)


def from_json(body):
    """Decodes JSON. In OTLP identifiers are hexadecimal, while Protocol Buffers' JSON has base64."""

    def convert(value):
        if isinstance(value, list):
            return [convert(element) for element in value]
        if not isinstance(value, dict):
            return value
        members = {}
        for name, member in value.items():
            demand("_" not in name, f"{name} is not in lowerCamelCase")
            demand(member is not None, f"{name} is null")
            if name in WIDE:
                demand(isinstance(member, str), f"{name} is a 64-bit integer, but no text")
            if name in NUMBERS:
                demand(type(member) is int, f"{name} is no number")
            if name in ID_LENGTHS:
                digits = 2 * ID_LENGTHS[name]
                demand(re.fullmatch(f"[0-9a-f]{{{digits}}}", member), f"{name} is not {digits} hexadecimal digits")
                member = base64.b64encode(bytes.fromhex(member)).decode()
            members[name] = convert(member)
        return members

    return json_format.ParseDict(convert(json.loads(body)), ExportTraceServiceRequest())


def from_protobuf(body):
    request = ExportTraceServiceRequest()
    demand(request.ParseFromString(body) == len(body), "something follows the message")
    refuse_unknown(request)
    return request


def refuse_unknown(message):
    demand(len(unknown_fields.UnknownFieldSet(message)) == 0, f"unknown field in {message.DESCRIPTOR.name}")
    for field, value in message.ListFields():
        if field.message_type is not None:
            for element in value if field.is_repeated else [value]:
                refuse_unknown(element)


def attributes_of(message):
    def value_of(value):
        kind = value.WhichOneof("value")
        demand(kind is not None, "an attribute without a value")
        if kind == "array_value":
            return [value_of(element) for element in value.array_value.values]
        return getattr(value, kind)

    names = [attribute.key for attribute in message.attributes]
    demand(all(names) and len(set(names)) == len(names), "attributes without a name or with the same")
    return {attribute.key: value_of(attribute.value) for attribute in message.attributes}


def checked_id(value, length):
    demand(len(value) == length and any(value), f"an identifier is not {length} bytes, or zero")
    return value.hex()


def described(span, resource):
    demand(span.name, "a span without a name")
    demand(0 < span.start_time_unix_nano <= span.end_time_unix_nano, "a span that ends before it starts")
    return {
        "service": resource.get("service.name", ""),
        "resource": sorted(resource),
        "name": span.name,
        "kind": span.kind,
        "traceId": checked_id(span.trace_id, 16),
        "spanId": checked_id(span.span_id, 8),
        "parentSpanId": checked_id(span.parent_span_id, 8) if span.parent_span_id else None,
        "traceState": span.trace_state,
        "flags": span.flags,
        "start": span.start_time_unix_nano,
        "end": span.end_time_unix_nano,
        "attributes": attributes_of(span),
        "droppedAttributes": span.dropped_attributes_count,
        "events": [
            {"name": event.name, "time": event.time_unix_nano, "attributes": attributes_of(event)}
            for event in span.events
        ],
        "droppedEvents": span.dropped_events_count,
        "links": [
            {
                "traceId": checked_id(link.trace_id, 16),
                "spanId": checked_id(link.span_id, 8),
                "attributes": attributes_of(link),
            }
            for link in span.links
        ],
        "droppedLinks": span.dropped_links_count,
        "status": span.status.code,
        "statusMessage": span.status.message,
    }


def say(value):
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        content_type = self.headers["content-type"]
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            demand(self.path == "/v1/traces", f"the path is {self.path}")
            coding = self.headers["content-encoding"]
            demand(coding in (None, "gzip"), f"the coding is {coding}")
            if coding == "gzip":
                body = gzip.decompress(body)
            decoders = {"application/json": from_json, "application/x-protobuf": from_protobuf}
            demand(content_type in decoders, f"the content type is {content_type}")
            request = decoders[content_type](body)
            spans = []
            for resource_spans in request.resource_spans:
                resource = attributes_of(resource_spans.resource)
                demand(resource.get("service.name"), "a resource without service.name")
                for scope_spans in resource_spans.scope_spans:
                    demand(scope_spans.scope.name, "a scope without a name")
                    spans += [described(span, resource) for span in scope_spans.spans]
            for span in spans:
                say(span)
            self.answer(200, content_type)
        except Exception as error:  # Whatever a decoder throws is a flaw of the request.
            say({"flaw": f"{type(error).__name__}: {error}"})
            self.answer(400, content_type)

    def answer(self, status, content_type):
        content = b"{}" if content_type == "application/json" else ExportTraceServiceResponse().SerializeToString()
        self.send_response(status)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        pass


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
    say({"listening": server.server_address[1]})
    server.serve_forever()


main()
