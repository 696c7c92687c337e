import assert from "node:assert/strict";
import { waitsForRole } from "../../../../plan/azure/rolePropagation";

const MISSING =
    'Code="CustomKubeletIdentityMissingPermissionError" Message="must be granted Managed Identity Operator"';

describe("roles that are not in force yet", () => {
    for (const error of [
        MISSING,
        "(CustomRouteTableMissingPermission) must be given permission to read and write to custom route table",
        "The client 'c' does not have authorization to perform action 'Microsoft.Network/virtualNetworks/subnets/join/action'",
        "Caller is not authorized. Inner error: ForbiddenByRbac",
        'validatingadmissionpolicies.admissionregistration.k8s.io "n" is forbidden: User "u" cannot patch resource "validatingadmissionpolicies"',
        'User "u" cannot get resource: User does not have access to the resource in Azure. Update role assignment to allow access.',
    ]) {
        it(`are waited for after ${error.slice(0, 60)}`, () => assert.ok(waitsForRole([error])));
    }

    it("are waited for as often as the limit says", () => {
        const errors = (count: number) => Array<string>(count).fill(MISSING);
        assert.ok(waitsForRole(errors(3), { attempts: 3, pauseSeconds: 0 }));
        assert.equal(waitsForRole(errors(4), { attempts: 3, pauseSeconds: 0 }), false);
    });

    for (const error of [
        "does not have authorization to perform action 'Microsoft.ContainerService/managedClusters/write'",
        "LinkedAuthorizationFailed: has permission to perform 'Microsoft.ContainerService/managedClusters/write', but not 'join/action'",
        "QuotaExceeded",
        'pods "p" is forbidden: ValidatingAdmissionPolicy "nodes" denied request: User may run it elsewhere',
        "",
    ]) {
        it(`are not waited for after ${error || "nothing"}`, () => assert.equal(waitsForRole([error, MISSING]), false));
    }
});
