import { originates } from "../objects/destinationRule";
import { isHttp } from "../objects/protocols";
import { Rule, finding } from "../rule";

/** Silent where a rule originates TLS for the port: then applications send HTTP on purpose. */
export const httpOn443: Rule = {
    id: "http-on-443",
    title: "Port 443 of an external host is declared as HTTP.",
    why: "Applications that call https:// send TLS, but the sidecar expects HTTP: the call fails, or is not recognised.",
    severity: "advisory",
    find: (mesh) =>
        mesh.calls
            .filter(
                ({ port, entry, tls, rules }) =>
                    entry.isExternal &&
                    port.number === 443 &&
                    isHttp(port.protocol) &&
                    !originates(tls) &&
                    rules.selecting.length === 0,
            )
            .map(({ entry, port }) =>
                finding(entry, {
                    path: `${port.path}.protocol`,
                    value: port.protocol,
                    problem: "is the protocol of port 443, on which applications normally use TLS",
                    expected: "TLS, or HTTP on port 80 with targetPort 443 and a rule that originates TLS",
                    fix: "Set protocol: TLS",
                }),
            ),
};
