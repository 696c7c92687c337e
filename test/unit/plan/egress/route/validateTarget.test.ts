import assert from "node:assert/strict";
import fc from "fast-check";
import {
    validateAddress,
    validateOutsideHosts,
    validateShortHosts,
    validateTargetPort,
} from "../../../../../plan/egress/route/validateTarget";

const address = (text: string) => validateAddress("address", text, ["istio-egress"]);

describe("validateAddress", () => {
    it("takes a partner's name, its public and its private address", () => {
        for (const text of [
            "api.partner.example",
            "203.0.113.7",
            "10.20.0.4",
            "2001:db8::7",
            "web.partner.svc.cluster.local",
        ]) {
            assert.deepEqual(address(text), [], text);
        }
    });

    it("refuses this machine, its link, its cloud and its cluster, in every spelling", () => {
        const inside = [
            "127.0.0.1",
            "127.8.8.8",
            "0.0.0.0",
            "::1",
            "::",
            "::ffff:127.0.0.1",
            "::ffff:7f00:1",
            "64:ff9b::7f00:1",
            "169.254.169.254",
            "fe80::1",
            "168.63.129.16",
            "224.0.0.1",
            "localhost",
            "LOCALHOST.",
            "a.localhost",
            "kubernetes.default",
            "kubernetes.default.svc",
            "Kubernetes.Default.svc.cluster.local.",
            "istiod.istio-system.svc",
            "egress-gateway.istio-egress.svc.cluster.local",
            "istiod.istio-system",
            "istiod.aks-istio-system.svc",
            "prometheus.istio-system.svc.cluster.local",
            "istiod.my-mesh.svc",
            "istiod-1-31.my-mesh.svc.cluster.local",
            "istiod.my-mesh",
            "egress-gateway.istio-egress",
            "kube-dns.kube-system",
            "metadata.google.internal",
            "metadata.internal",
            "metadata.azure.internal",
            "instance-data.ec2.internal",
            "host.docker.internal",
            "gateway.docker.internal",
            "host.containers.internal",
            "host.minikube.internal",
            "10-1-2-3.payments.pod",
            "10-1-2-3.payments.pod.cluster.local",
            "fd00--7.payments.pod.k8s.corp",
            "100.100.100.200",
            "192.0.0.192",
            "fd00:ec2::254",
            "fd20:ce::254",
            "fec0::1",
            "::127.0.0.1",
            "0:0:0:0:0:ffff:a00:1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::",
            "2001::80ff:fffe",
            "240.0.0.1",
            "255.255.255.255",
            "ff02::1",
            "fe80::1%eth0",
            "127.1",
            "127.0.1",
            "0",
            "0177.0.0.1",
            "017700000001",
            "0x7f.1",
            "0x7f000001",
            "2130706433",
            "\uff11\uff12\uff17.0.0.1",
            "127\u30020\u30020\u30021",
            "\u24dbocalhost",
            "loc\u00adalhost",
            "%31%32%37.0.0.1",
            "partner@127.0.0.1",
            "unix:///var/run/partner.sock",
            "ip6-localhost",
            "metadata",
        ];
        for (const text of inside) {
            assert.equal(address(text)[0]?.path, "address", text);
        }
    });

    it("refuses every loopback address, whatever stands before it", () => {
        fc.assert(
            fc.property(
                fc.nat(255),
                fc.nat(255),
                fc.nat(255),
                fc.constantFrom("", "::ffff:", "64:ff9b::"),
                (a, b, c, before) => {
                    assert.equal(address(`${before}127.${a}.${b}.${c}`).length, 1);
                },
            ),
        );
    });

    it("refuses a port, a scheme and a path, and says what to write", () => {
        assert.match(address("10.0.0.4:8443")[0].fix, /"10\.0\.0\.4".*port: 8443/);
        assert.match(address("api.partner.example:8443")[0].fix, /port: 8443/);
        assert.match(address("[2001:db8::7]:8443")[0].fix, /"2001:db8::7".*port: 8443/);
        assert.match(address("https://api.partner.example/x")[0].fix, /"api\.partner\.example"/);
        assert.equal(address("").length, 1);
    });
});

describe("validateOutsideHosts", () => {
    it("refuses services of the cluster", () => {
        for (const host of [
            "my-nginx.mesh-external.svc.cluster.local",
            "a.b.svc",
            "a.b.SVC.",
            "x.cluster.local",
            "localhost",
            "istiod.istio-system",
            "kubernetes.default",
            "10-1-2-3.payments.pod",
            "metadata.google.internal",
            "host.docker.internal",
            "*.svc",
            "*.payments.svc",
            "*.cluster.local",
            "*.google.internal",
            "*.ec2.internal",
            "*.docker.internal",
        ]) {
            assert.equal(validateOutsideHosts("hosts", [host])[0]?.path, "hosts[0]", host);
        }
        assert.deepEqual(
            validateOutsideHosts("hosts", [
                "api.partner.example",
                "svc.partner.example",
                "svcs.example",
                "db.corp.internal",
                "*.corp.internal",
                "metadata.partner.example",
            ]),
            [],
        );
    });

    it("refuses the short names of services in a namespace, in every spelling, and no name that has more labels", () => {
        const refused = (host: string) => validateShortHosts("hosts", [host], ["payments"]).length === 1;
        assert.ok(["api.payments", "API.Payments", "api.payments."].every(refused));
        assert.ok(!["api.payments.example", "payments.example", "partner.example"].some(refused));
    });
});

describe("validateTargetPort", () => {
    it("refuses the proxies' own ports alone", () => {
        for (const port of [15000, 15001, 15006, 15020, 15021, 15090]) {
            assert.equal(validateTargetPort("port", port).length, 1);
        }
        for (const port of [undefined, 443, 8443, 14999, 15444]) {
            assert.deepEqual(validateTargetPort("port", port), []);
        }
    });
});
