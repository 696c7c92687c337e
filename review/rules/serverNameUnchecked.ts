import { Call } from "../mesh/calls";
import { fields, list, text } from "../fields";
import { DestinationRule, TlsSettings, originates } from "../objects/destinationRule";
import { GATEWAY_API } from "../objects/kinds";
import { isOpaque } from "../objects/protocols";
import { RawObject, objectRef } from "../rawObject";
import { Rule, RuleFinding, finding } from "../rule";
import { Mesh } from "../mesh/mesh";

/**
 * What turns the check of the server's name off, each seen on Istio 1.31 with a server whose certificate names another
 * host: `sni` without `subjectAltNames`; neither of them where calls are not HTTP, because Envoy takes both from an HTTP
 * request's host; `insecureSkipVerify`. `subjectAltNames` without `sni` is checked. An entry's own `subjectAltNames` are
 * used where the rule has none; an entry that is not in the set is taken to have none.
 */
export const serverNameUnchecked: Rule = {
    id: "server-name-unchecked",
    title: "TLS is originated, but the name in the server's certificate is not checked.",
    why: "Any server with a certificate from a trusted CA is accepted as the partner and gets the calls, silently.",
    severity: "mandatory",
    find: (mesh) => {
        const unnamed = mesh.calls.filter(isUnnamed);
        const http = unnamed.length > 0 ? httpDestinations(mesh) : new Set<string>();
        return [
            ...mesh.destinationRules.flatMap((rule) =>
                rule.allTls.filter(originates).flatMap((tls) => reviewTls(mesh, rule, tls)),
            ),
            ...unnamed
                .filter(({ host }) => !http.has(host))
                .map(({ tls, host, port }) => uncheckedBytes(tls, host, port.number)),
            ...mesh.ofKind(GATEWAY_API, "BackendTLSPolicy").flatMap(reviewPolicy),
        ];
    },
};

/** A call for which Envoy knows no name, unless it is HTTP. */
function isUnnamed(call: Call): call is Call & { tls: TlsSettings } {
    const { port, entry, tls } = call;
    return (
        originates(tls) &&
        tls.sni === undefined &&
        tls.subjectAltNames.length === 0 &&
        !tls.insecureSkipVerify &&
        isOpaque(port.protocol) &&
        entry.subjectAltNames.length === 0
    );
}

function reviewTls(mesh: Mesh, rule: DestinationRule, tls: TlsSettings): RuleFinding[] {
    if (tls.insecureSkipVerify) {
        return [
            finding(rule, {
                path: `${tls.path}.insecureSkipVerify`,
                value: true,
                problem: "accepts any server with any certificate",
                expected: "a server that is verified by CA and name",
                fix: "Remove it, and set the CA with credentialName or caCertificates",
            }),
        ];
    }
    if (tls.sni === undefined || tls.subjectAltNames.length > 0 || entriesName(mesh, rule.host)) {
        return [];
    }
    return [
        finding(rule, {
            path: `${tls.path}.sni`,
            value: tls.sni,
            problem: "is set without subjectAltNames, which turns off the check of the server's name",
            expected: "both, or for HTTP neither: then both are the request's host",
            fix: `Add subjectAltNames: [${JSON.stringify(tls.sni)}]`,
        }),
    ];
}

/** Whether every entry that the rule is for names the server itself. */
function entriesName({ entriesByHost }: Mesh, ruleHost: string): boolean {
    const entries = entriesByHost.coveredBy(ruleHost);
    return entries.length > 0 && entries.every(({ subjectAltNames }) => subjectAltNames.length > 0);
}

function httpDestinations({ virtualServices }: Mesh): Set<string> {
    const routes = virtualServices.flatMap((service) => service.routes).filter(({ kind }) => kind === "http");
    return new Set(routes.flatMap(({ destinations }) => destinations).map(({ host }) => host));
}

function uncheckedBytes(tls: TlsSettings, host: string, port: number): RuleFinding {
    return finding(tls, {
        path: tls.path,
        problem: `has neither sni nor subjectAltNames, and calls to the TCP port ${port} of ${host} have no request host to use instead, so no name is sent or checked`,
        expected: "both, if calls are not HTTP",
        fix: `Add sni: ${JSON.stringify(host)} and subjectAltNames: [${JSON.stringify(host)}]`,
    });
}

/** Istio 1.31 makes a DestinationRule of the policy, with the hostname as its `sni` (read in its source, not run). */
function reviewPolicy(object: RawObject): RuleFinding[] {
    const validation = fields(fields(object.spec).validation);
    const hostname = text(validation.hostname);
    if (hostname === undefined || list(validation.subjectAltNames).length > 0) {
        return [];
    }
    return [
        finding(
            { ref: objectRef(object) },
            {
                path: "spec.validation.hostname",
                value: hostname,
                problem: "is only sent as SNI by Istio, but not checked in the server's certificate",
                expected: "subjectAltNames together with it",
                fix: `Add subjectAltNames: [{ type: Hostname, hostname: ${JSON.stringify(hostname)} }]`,
            },
        ),
    ];
}
