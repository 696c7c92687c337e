import assert from "node:assert/strict";
import { RawObject } from "../../../review/rawObject";
import { HOST, OLD_GATEWAY, entry, through } from "../../support/guides";
import {
    HTTPS,
    destinationRule,
    gateway,
    secret,
    server,
    service,
    serviceEntry,
    told,
    virtualService,
} from "../../support/objects";

/*
 * The recipes that circulate for egress, each as it is told: what the review says of it. The gateway's pods are in the
 * root namespace, most objects beside the application, and nothing has an exportTo.
 */

const SNI_ONLY = { sni: HOST };

const egress = (port: number, protocol: string, mode?: string) =>
    gateway("istio-egressgateway", [withFiles(server(port, protocol, [HOST], mode))], { istio: "egressgateway" });

/** A server that does not take the mesh's certificates has files of its own. */
function withFiles(one: { tls?: { mode: string } }): object {
    const own = { serverCertificate: "/etc/tls.crt", privateKey: "/etc/tls.key", caCertificates: "/etc/ca.crt" };
    return one.tls?.mode === "MUTUAL" ? { ...one, tls: { ...one.tls, ...own } } : one;
}

function meshTls(port: number): RawObject {
    const tls = { mode: "ISTIO_MUTUAL", sni: HOST };
    return destinationRule("to-gateway", OLD_GATEWAY, undefined, {
        subsets: [{ name: "partner", trafficPolicy: { portLevelSettings: [{ port: { number: port }, tls }] } }],
    });
}

function originate(tls: object, name = "originate", host = HOST): RawObject {
    const portLevelSettings = [{ port: { number: 443 }, tls }];
    return destinationRule(name, host, undefined, { trafficPolicy: { portLevelSettings } });
}

const TLS_PATH = "spec.trafficPolicy.portLevelSettings[0].tls";
const files = {
    clientCertificate: "/etc/client/tls.crt",
    privateKey: "/etc/client/tls.key",
    caCertificates: "/etc/ca.crt",
};

describe("recipes", () => {
    it("files mounted into the gateway, as once documented: any certificate of the CA is taken for the partner's", () => {
        const objects = [
            egress(443, "HTTPS", "MUTUAL"),
            meshTls(443),
            through(443, 443, "partner"),
            originate({ mode: "MUTUAL", ...files, ...SNI_ONLY }),
        ];
        assert.deepEqual(told(objects), [
            `server-name-unchecked DestinationRule default/originate ${TLS_PATH}.sni`,
            "destination-not-declared VirtualService default/through-gateway spec.http[1].route[0].destination",
            "rule-without-host DestinationRule default/originate spec.host",
        ]);
    });

    it("the same made to work by a gateway in plaintext and rules that every sidecar reads", () => {
        const passing = virtualService("partner", [HOST], ["mesh"], {
            tls: [
                {
                    match: [{ port: 443, sniHosts: [HOST] }],
                    route: [{ destination: { host: HOST, port: { number: 443 } } }],
                },
            ],
        });
        const objects = [
            entry,
            egress(80, "HTTP"),
            destinationRule("to-gateway", OLD_GATEWAY, undefined, { subsets: [{ name: "partner" }] }),
            through(80, 443, "partner"),
            passing,
            originate({ mode: "MUTUAL", ...files, ...SNI_ONLY }),
        ];
        assert.deepEqual(told(objects), [
            `server-name-unchecked DestinationRule default/originate ${TLS_PATH}.sni`,
            "plaintext-to-gateway Gateway default/istio-egressgateway spec.servers[0].tls",
            `double-tls DestinationRule default/originate ${TLS_PATH}`,
        ]);
    });

    it("one CA a host over SDS, for services of the cluster", () => {
        const host = "my-nginx.mesh-external.svc.cluster.local";
        const objects = [
            originate({ mode: "SIMPLE", credentialName: "client", sni: host }, "istio-system/originate", host),
            secret("istio-system/client-cacert", ["ca.crt"]),
            service("mesh-external/my-nginx", { ports: [{ port: 443 }] }),
        ];
        assert.deepEqual(told(objects), [
            `server-name-unchecked DestinationRule istio-system/originate ${TLS_PATH}.sni`,
        ]);
    });

    it("a ServiceEntry alone, and HTTP through the gateway: nothing to say", () => {
        assert.deepEqual(told([entry], { outboundTrafficPolicy: "REGISTRY_ONLY" }), []);
        assert.deepEqual(told([entry, egress(80, "HTTP"), through(80, 80)]), []);
    });

    it("origination at the gateway over a plain leg: sidecars originate too, and break the application's own TLS", () => {
        const objects = [entry, egress(80, "HTTP"), through(80, 443), originate({ mode: "SIMPLE" })];
        assert.deepEqual(told(objects), [`double-tls DestinationRule default/originate ${TLS_PATH}`]);
    });

    it("the same over the mesh's mutual TLS", () => {
        const toGateway = destinationRule("to-gateway", OLD_GATEWAY, { mode: "ISTIO_MUTUAL", sni: HOST });
        const objects = [entry, egress(443, "HTTPS", "ISTIO_MUTUAL"), toGateway, through(443, 443)];
        assert.deepEqual(told([...objects, originate({ mode: "SIMPLE" })]), [
            `double-tls DestinationRule default/originate ${TLS_PATH}`,
        ]);
        const http = through(443, 80);
        assert.deepEqual(told([...objects.slice(0, 3), http]), [], "plain HTTP behind it");
    });

    it("passthrough, with the origination of the step before forgotten", () => {
        const tls = [
            {
                match: [{ gateways: ["mesh"], port: 443, sniHosts: [HOST] }],
                route: [{ destination: { host: OLD_GATEWAY, port: { number: 443 } } }],
            },
            {
                match: [{ gateways: ["istio-egressgateway"], port: 443, sniHosts: [HOST] }],
                route: [{ destination: { host: HOST, port: { number: 443 } } }],
            },
        ];
        const route = virtualService("through-gateway", [HOST], ["mesh", "istio-egressgateway"], { tls });
        const objects = [entry, egress(443, "HTTPS", "PASSTHROUGH"), route];
        assert.deepEqual(told(objects), []);
        assert.deepEqual(told([...objects, originate({ mode: "SIMPLE" })]), [
            `origination-and-passthrough DestinationRule default/originate ${TLS_PATH}`,
        ]);
    });

    it("mutual TLS over SDS: the name unchecked; sidecars ignore a credential, so the root namespace does no harm", () => {
        const objects = [
            entry,
            egress(443, "HTTPS", "ISTIO_MUTUAL"),
            meshTls(443),
            through(443, 443, "partner"),
            originate({ mode: "MUTUAL", credentialName: "client", ...SNI_ONLY }, "istio-system/originate"),
            secret("istio-system/client", ["tls.crt", "tls.key", "ca.crt"]),
        ];
        assert.deepEqual(told(objects), [
            `server-name-unchecked DestinationRule istio-system/originate ${TLS_PATH}.sni`,
        ]);
    });

    it("an ExternalName service, which needs a mesh that passes on what it does not know", () => {
        const alias = service("external-name", { type: "ExternalName", externalName: HOST });
        assert.deepEqual(told([alias], { outboundTrafficPolicy: "REGISTRY_ONLY" }), [
            "external-name-blocked Service default/external-name spec.externalName",
        ]);
        assert.deepEqual(told([alias], { outboundTrafficPolicy: "ALLOW_ANY" }), []);
    });

    it("a passthrough route of OpenShift behind files in the gateway: one port 443, on which sidecars originate too", () => {
        const objects = [
            serviceEntry("partner", [HOST], [HTTPS]),
            egress(443, "HTTPS", "MUTUAL"),
            meshTls(443),
            through(443, 443, "partner"),
            originate({ mode: "MUTUAL", ...files, ...SNI_ONLY }),
        ];
        assert.deepEqual(told(objects), [
            `server-name-unchecked DestinationRule default/originate ${TLS_PATH}.sni`,
            `double-tls DestinationRule default/originate ${TLS_PATH}`,
        ]);
    });
});
