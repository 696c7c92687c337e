import assert from "node:assert/strict";
import { destinationRule, secret, toldBy } from "../../../support/objects";
import { WHOLE_CREDENTIAL, usingCredential } from "../../../support/usedCredential";

const told = toldBy("credential-elsewhere");

const HOST = "api.partner.example";
const own = { exportTo: ["."] };

describe("credential-elsewhere", () => {
    const found = ["credential-elsewhere DestinationRule gateways/partner spec.trafficPolicy.tls.credentialName"];

    it("finds a secret in another namespace than the gateway's", () => {
        assert.deepEqual(told(usingCredential("partner", [secret("app/partner", WHOLE_CREDENTIAL)])), found);
        assert.deepEqual(told(usingCredential("partner", [secret("app/partner-cacert", ["ca.crt"])], "SIMPLE")), found);
        assert.deepEqual(
            told(
                usingCredential("partner", [
                    secret("app/partner", WHOLE_CREDENTIAL),
                    secret("gateways/partner", WHOLE_CREDENTIAL),
                ]),
            ),
            [],
        );
    });

    it("looks at the credentials of subsets too", () => {
        const [entry, egress] = usingCredential("unused", []);
        const tls = { mode: "MUTUAL", credentialName: "partner", sni: HOST, subjectAltNames: [HOST] };
        const subsets = [{ name: "billing", trafficPolicy: { tls } }];
        const rule = destinationRule("gateways/partner", HOST, undefined, { ...own, subsets });
        assert.deepEqual(told([entry, egress, rule, secret("app/partner", WHOLE_CREDENTIAL)]), [
            "credential-elsewhere DestinationRule gateways/partner spec.subsets[0].trafficPolicy.tls.credentialName",
        ]);
        assert.deepEqual(told([entry, egress, rule, secret("gateways/partner", WHOLE_CREDENTIAL)]), []);
    });

    it("finds a secret in another namespace than the workloads' that a rule selects", () => {
        const rule = (namespace: string) => [
            destinationRule(
                `${namespace}/partner`,
                HOST,
                { mode: "SIMPLE", credentialName: "partner" },
                {
                    workloadSelector: { matchLabels: { app: "billing" } },
                },
            ),
            secret("app/partner", WHOLE_CREDENTIAL),
        ];
        assert.deepEqual(told(rule("app")), []);
        assert.deepEqual(told(rule("other")), [
            "credential-elsewhere DestinationRule other/partner spec.trafficPolicy.tls.credentialName",
        ]);
    });
});
