import assert from "node:assert/strict";
import fc from "fast-check";
import { DEFAULT_RETRIES } from "../../../../plan/egress/route/retries";
import {
    ResolvedGateway,
    gatewayObjects,
    gatewayServiceHost,
    gatewayValues,
    validateGateway,
} from "../../../../plan/mesh/gateway";
import { KubernetesObject } from "../../../../plan/shared/kubernetesObject";
import { hostObjectName } from "../../../../plan/shared/names";
import { host, label, serviceName } from "../../../support/arbitraries";

const gateway: ResolvedGateway = {
    name: "egress-gateway",
    namespace: "istio-egress",
    meshNamespace: "istio-system",
    minReplicas: 2,
    maxReplicas: 2,
};

const place = fc.record({ name: serviceName, namespace: label() });

describe("validateGateway", () => {
    it("accepts every name and namespace but the mesh's own", () => {
        fc.assert(
            fc.property(place, label(), (names, meshNamespace) => {
                const paths = validateGateway({ ...gateway, ...names, meshNamespace }).map(({ path }) => path);
                assert.deepEqual(paths, names.namespace === meshNamespace ? ["namespace"] : []);
            }),
        );
    });

    it("refuses the mesh's root namespace, whatever it is called", () => {
        fc.assert(
            fc.property(label(), (namespace) => {
                const [violation] = validateGateway({ ...gateway, namespace, meshNamespace: namespace });
                assert.equal(violation.path, "namespace");
                assert.equal(violation.value, namespace);
                assert.match(violation.problem, /root namespace/);
            }),
        );
    });

    it("accepts whole numbers of replicas that do not shrink, and no others", () => {
        const number = fc.oneof(fc.integer({ min: -2, max: 9 }), fc.constantFrom(0.5, NaN, Infinity));
        fc.assert(
            fc.property(number, number, (minReplicas, maxReplicas) => {
                const paths = validateGateway({ ...gateway, minReplicas, maxReplicas }).map(({ path }) => path);
                const whole = (value: number) => Number.isInteger(value) && value >= 1;
                const bad = [
                    ...(whole(minReplicas) ? [] : ["minReplicas"]),
                    ...(whole(maxReplicas) ? [] : ["maxReplicas"]),
                ];
                assert.deepEqual(paths, bad.length || maxReplicas >= minReplicas ? bad : ["maxReplicas"]);
            }),
        );
    });

    it("accepts one worker or more, and no number that can only be a mistake", () => {
        const number = fc.oneof(fc.integer({ min: -2, max: 300 }), fc.constantFrom(0.5, NaN, Infinity));
        fc.assert(
            fc.property(number, (workers) => {
                const paths = validateGateway({ ...gateway, workers }).map(({ path }) => path);
                const good = Number.isInteger(workers) && workers >= 1 && workers <= 256;
                assert.deepEqual(paths, good ? [] : ["workers"]);
            }),
        );
    });
});

describe("gatewayObjects", () => {
    it("shares no name with an object of a route, whatever gateway and host are called", () => {
        fc.assert(
            fc.property(place, host, (names, anyHost) => {
                const objects = Object.values<KubernetesObject>({ ...gatewayObjects(names) });
                for (const { metadata } of objects.filter(({ kind }) => kind !== "Gateway")) {
                    // As close as a host can come to it.
                    for (const near of [anyHost, metadata.name.replaceAll("-", ".")]) {
                        assert.notEqual(hostObjectName(near), metadata.name);
                    }
                }
            }),
        );
    });

    it("take calls from the mesh only, and only for routes of their own namespace", () => {
        fc.assert(
            fc.property(place, (at) => {
                const { spec } = gatewayObjects(at).gateway;
                assert.deepEqual(spec.servers, [
                    {
                        port: { number: 443, name: "https-mesh", protocol: "HTTPS" },
                        tls: { mode: "ISTIO_MUTUAL" },
                        hosts: [`${at.namespace}/*`],
                    },
                ]);
            }),
        );
    });

    it("take HTTP from workloads of the mesh, in plaintext only where there is such a port, and refuse the rest", () => {
        const { spec } = gatewayObjects(gateway).denyByDefault;
        const http = (port: string) => ({ operation: { ports: [port], hosts: ["*"] } });
        const fromMesh = { from: [{ source: { principals: ["*"] } }], to: [http("8443")] };
        assert.equal(spec.action, "ALLOW");
        assert.deepEqual(spec.selector, { matchLabels: { istio: "egress-gateway" } });
        assert.deepEqual(spec.rules, [fromMesh]);
        const open = gatewayObjects({ ...gateway, plaintextPort: true }).denyByDefault;
        assert.deepEqual(open.spec.rules, [fromMesh, { to: [http("8080")] }]);
    });

    it("let sidecars call the service over the mesh's mutual TLS", () => {
        fc.assert(
            fc.property(place, (at) => {
                const { spec } = gatewayObjects(at).destinationRule;
                assert.equal(spec.host, gatewayServiceHost(at));
                const [port] = (spec.trafficPolicy as { portLevelSettings: { tls: unknown }[] }).portLevelSettings;
                assert.deepEqual(port.tls, { mode: "ISTIO_MUTUAL" });
            }),
        );
    });

    it("let sidecars leave a pod alone that does not answer, whatever the port, and prefer no zone", () => {
        const { spec } = gatewayObjects({ ...gateway, plaintextPort: true }).destinationRule;
        const { portLevelSettings } = spec.trafficPolicy as { portLevelSettings: Record<string, object>[] };
        assert.deepEqual(
            portLevelSettings.map(({ port }) => port),
            [{ number: 443 }, { number: 80 }],
        );
        for (const { outlierDetection, loadBalancer, connectionPool } of portLevelSettings) {
            assert.deepEqual(loadBalancer, { localityLbSetting: { enabled: false } });
            assert.deepEqual(
                Object.entries(outlierDetection).filter(([key]) => key.startsWith("consecutive")),
                [
                    ["consecutiveLocalOriginFailures", DEFAULT_RETRIES],
                    ["consecutive5xxErrors", 0],
                    ["consecutiveGatewayErrors", 0],
                ],
                "after two failures, so that the last try goes to another pod; the gateway's own answers do not count",
            );
            assert.equal((connectionPool as { tcp: { connectTimeout: string } }).tcp.connectTimeout, "5s");
        }
    });

    it("let nothing leave the gateway in plaintext while a host has no rule of its own", () => {
        fc.assert(
            fc.property(place, (at) => {
                const { spec } = gatewayObjects(at).tlsByDefault;
                assert.equal(spec.host, "*");
                assert.deepEqual(spec.exportTo, ["."], "at the gateway, not in the mesh");
                assert.deepEqual(spec.trafficPolicy, { tls: { mode: "SIMPLE" } });
            }),
        );
    });

    it("have no two names of one kind", () => {
        fc.assert(
            fc.property(place, (at) => {
                const all = Object.values(gatewayObjects(at)) as { kind: string; metadata: { name: string } }[];
                assert.equal(new Set(all.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).size, all.length);
            }),
        );
    });

    it("all live in the gateway's namespace", () => {
        fc.assert(
            fc.property(place, (at) => {
                for (const object of Object.values(gatewayObjects(at)) as { metadata: { namespace: string } }[]) {
                    assert.equal(object.metadata.namespace, at.namespace);
                }
            }),
        );
    });
});

function service(request: ResolvedGateway) {
    return gatewayValues(request).service as { type: string; ports: { port: number; targetPort: number }[] };
}

describe("gatewayValues", () => {
    it("label the pods as the objects select them", () => {
        assert.deepEqual(gatewayValues(gateway).labels, { app: "egress-gateway", istio: "egress-gateway" });
    });

    it("open no port to the world", () => {
        const { type, ports } = service(gateway);
        assert.equal(type, "ClusterIP");
        assert.deepEqual(
            ports.map(({ port }) => port),
            [15021, 443, 15444],
        );
    });

    it("open the plaintext port only by choice, in service and Gateway alike, and without TLS of the sidecars'", () => {
        const choice = { ...gateway, plaintextPort: true };
        assert.ok(service(choice).ports.some(({ port }) => port === 80));
        assert.match(JSON.stringify(gatewayObjects(choice).gateway.spec), /"number":80,/);
        assert.match(JSON.stringify(gatewayObjects(choice).destinationRule.spec), /"tls":{"mode":"DISABLE"}/);
        assert.doesNotMatch(JSON.stringify(gatewayObjects(gateway)), /"number":80,|DISABLE/);
    });

    it("have the pod listen above 1024 only, which needs no privilege and no sysctl", () => {
        const { ports } = service({ ...gateway, plaintextPort: true });
        assert.ok(ports.every(({ targetPort }) => targetPort > 1024));
        assert.equal(new Set(ports.map(({ targetPort }) => targetPort)).size, ports.length);
        assert.deepEqual(gatewayValues(gateway).securityContext, { seccompProfile: { type: "RuntimeDefault" } });
    });

    it("mount each credential where the routes look for its files, and wait for none", () => {
        // Without a memory limit nothing else is mounted.
        const unlimited = { ...gateway, resources: { limits: { memory: null } } };
        const values = gatewayValues({ ...unlimited, mountedCredentials: ["partner", "other"] });
        assert.deepEqual(values.volumeMounts, [
            { name: "credential-0", mountPath: "/etc/mesh-egress/credentials/partner", readOnly: true },
            { name: "credential-1", mountPath: "/etc/mesh-egress/credentials/other", readOnly: true },
        ]);
        const [volume] = values.volumes as { projected: { sources: { secret: object }[] } }[];
        assert.deepEqual(
            volume.projected.sources.map(({ secret }) => secret),
            [
                { name: "partner", optional: true },
                { name: "partner-cacert", optional: true },
            ],
        );
        assert.deepEqual(gatewayValues(unlimited).volumes, []);
    });

    it("scale only where there is room to", () => {
        assert.deepEqual(gatewayValues(gateway).autoscaling, { enabled: false, minReplicas: 2, maxReplicas: 2 });
        assert.equal(gatewayValues(gateway).replicaCount, 2);
        const scaling = gatewayValues({ ...gateway, maxReplicas: 5 });
        assert.deepEqual(scaling.autoscaling, { enabled: true, minReplicas: 2, maxReplicas: 5 });
        assert.equal(scaling.replicaCount, undefined, "the autoscaler's business");
    });

    const config = (workers?: number) => {
        const { podAnnotations } = gatewayValues({ ...gateway, workers }) as { podAnnotations: Record<string, string> };
        return JSON.parse(podAnnotations["proxy.istio.io/config"]) as Record<string, unknown>;
    };

    it("let a pod that ends serve for longer than an istiod that ends tells callers nothing, and end by itself", () => {
        const seconds = Number.parseInt(String(config().terminationDrainDuration), 10);
        const silence = 10;
        assert.ok(seconds >= silence + 5, "time to find the next istiod");
        assert.ok(Number(gatewayValues(gateway).terminationGracePeriodSeconds) > seconds);
    });

    it("leave the number of workers to Istio, but where it is given", () => {
        assert.ok(!("concurrency" in config()));
        assert.equal(config(1).concurrency, 1);
        assert.ok("proxyStatsMatcher" in config(1), "what else is there stays");
    });

    it("have nodes, taints and resources only where they are given", () => {
        for (const key of ["nodeSelector", "tolerations", "resources"]) {
            assert.ok(!(key in gatewayValues(gateway)));
        }
        const nodeSelector = { pool: "egress" };
        assert.deepEqual(gatewayValues({ ...gateway, nodeSelector }).nodeSelector, nodeSelector);
    });
});
