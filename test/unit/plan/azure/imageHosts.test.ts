import assert from "node:assert/strict";
import { pullHosts, validateImageHosts } from "../../../../plan/azure/imageHosts";
import { OutboundControl } from "../../../../plan/azure/outboundControl";

const refused = (image: string, outboundControl: OutboundControl, allowedFqdns: string[] = []) =>
    validateImageHosts({ outboundControl, allowedFqdns }, [{ path: "probe.image", image }]);

describe("the hosts of images", () => {
    it("are those of Docker Hub for a name without a host", () => {
        for (const image of ["curl:8", "curlimages/curl:8", "docker.io/istio"]) {
            assert.equal(pullHosts(image)[0], "registry-1.docker.io", image);
        }
        assert.deepEqual(pullHosts("contoso.azurecr.io/curl:8"), ["contoso.azurecr.io"]);
        assert.deepEqual(pullHosts("localhost.contoso.com:5000/curl"), ["localhost.contoso.com"]);
    });

    for (const [what, image, control, allowed] of [
        ["Microsoft's registry behind a firewall", "mcr.microsoft.com/oss/curl", "firewall", []],
        ["a host that the firewall lets through", "quay.io/curl/curl", "firewall", ["quay.io"]],
        ["a host below one that the firewall lets through", "cdn.quay.io/curl", "firewall", ["*.quay.io"]],
        ["an Azure container registry behind service tags", "contoso.azurecr.io/curl", "nsg", []],
        ["anything where nothing is held back", "curl:8", "open", []],
        ["anything where a firewall of somebody else decides", "curl:8", "routes", []],
    ] as const) {
        it(`accepts ${what}`, () => assert.deepEqual(refused(image, control, [...allowed]), []));
    }

    for (const [what, image, control, allowed] of [
        ["Docker Hub behind a firewall", "docker.io/istio", "firewall", []],
        ["Docker Hub with its login server alone", "curl:8", "firewall", ["registry-1.docker.io"]],
        ["the parent of a wildcard", "quay.io/curl/curl", "firewall", ["*.quay.io"]],
        ["Docker Hub behind service tags", "docker.io/istio", "nsg", []],
        ["a host that only looks like Azure's", "azurecr.io.contoso.com/curl", "nsg", []],
    ] as const) {
        it(`refuses ${what}, and says where to put the image`, () => {
            const [violation, ...more] = refused(image, control, [...allowed]);
            assert.deepEqual(more, []);
            assert.equal(violation.path, "probe.image");
            assert.match(violation.problem, /cannot be pulled: .* does not let the nodes call/);
            assert.match(violation.fix, /az acr import.*azure\.cluster\.registryIds/);
        });
    }
});
