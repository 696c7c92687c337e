import assert from "node:assert/strict";
import { adopt } from "../../../../cli/adopt/adopt";
import { switchOrder } from "../../../../cli/adopt/switchOrder";
import { RawObject } from "../../../../review/rawObject";
import { GUIDES, HOST, OLD_GATEWAY } from "../../../support/guides";
import { virtualService, way } from "../../../support/objects";

const titles = (objects: RawObject[]) => switchOrder(adopt(objects)).map(({ title }) => title.split(":")[0]);
const commands = (objects: RawObject[]) => switchOrder(adopt(objects)).flatMap((step) => step.commands);

describe("switchOrder", () => {
    it("keeps the old way first in line until the new gateway is ready, and takes it from the mesh before it deletes anything", () => {
        assert.deepEqual(titles(GUIDES.mutualTls), [
            "Copy the credentials into the stack's configuration",
            "Add the port that the new gateway calls to the old entries",
            "Keep the old routing in effect",
            "Create the new objects next to the old ones",
            "Wait until the new gateway has every host",
            "Switch",
            "Wait until the old gateway has no more calls",
            "Delete the remaining old objects",
        ]);
    });

    it("leaves the old gateway its routing until the last step: sidecars are told of the switch one after the other", () => {
        const steps = switchOrder(adopt(GUIDES.mutualTls));
        const of = (title: RegExp) => steps.find((step) => title.test(step.title))?.commands ?? [];
        assert.match(
            of(/^Switch/).join("\n"),
            /^kubectl patch virtualservice\S* .*'\{"spec":\{"gateways":\["istio-egressgateway"\]\}\}'$/,
        );
        assert.ok(of(/^Delete the remaining/).some((line) => line.startsWith("kubectl delete virtualservice")));
    });

    it("gives the old entry the target port, and a port of its own where it has none", () => {
        assert.ok(commands(GUIDES.mutualTls).some((line) => line.includes('"protocol":"HTTP","targetPort":443}')));
        assert.ok(
            commands(GUIDES.filesInGateway).some((line) =>
                line.includes('{"number":80,"name":"http-mesh-egress","protocol":"HTTP","targetPort":443}'),
            ),
        );
        assert.ok(
            !commands(GUIDES.httpOverMeshTls).some((line) => line.includes("serviceentry") && /patch/.test(line)),
        );
    });

    it("leaves the old way visible to its callers and to the old gateway", () => {
        const callers = [{ namespace: "payments" }, { namespace: "default" }];
        const [line] = switchOrder(adopt(GUIDES.mutualTls, { callers }))
            .flatMap((step) => step.commands)
            .filter((one) => one.includes("exportTo"));
        assert.match(line, /"exportTo":\[".","istio-system","payments"\]/);
    });

    it("never has a key in a command, and marks the key as a secret of the stack", () => {
        const keys = commands(GUIDES.mutualTls).filter((line) => line.includes("tls\\.key"));
        assert.equal(keys.length, 1);
        assert.match(keys[0], /\| pulumi config set --secret client-credential-key$/);
    });

    it("leaves alone what a host that is not adopted still needs", () => {
        const other = virtualService("other", ["other.partner.example"], ["istio-egressgateway", "mesh"], {
            http: [way(["mesh"], 80, OLD_GATEWAY, 443, "partner")],
        });
        const shared = { ...GUIDES.mutualTls[3], spec: { ...(GUIDES.mutualTls[3].spec as object), hosts: [HOST] } };
        const lines = commands([...GUIDES.mutualTls.filter((_, index) => index !== 3), shared, other]);
        assert.ok(lines.some((line) => line.startsWith("kubectl delete") && line.includes("originate")));
        assert.ok(!lines.some((line) => line.startsWith("kubectl delete") && line.includes("to-gateway")));
        assert.ok(!lines.some((line) => line.startsWith("kubectl delete gateway")));
    });

    it("makes the new objects and then deletes the old where no gateway is on the way", () => {
        assert.deepEqual(titles(GUIDES.entryOnly), [
            "Create the new objects next to the old ones",
            "Delete the remaining old objects",
        ]);
    });
});
