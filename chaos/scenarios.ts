import { chosenByName } from "../bench/chosen";
import { Scenario } from "./scenario";
import { apiServerDown, apiServerDownLong, etcdRestarted, istiodDown, istiodDownLong } from "./scenarios/controlPlane";
import { deletedByHand, editedByHand } from "./scenarios/byHand";
import { certificateExpired, clockAhead } from "./scenarios/certificateExpired";
import { envoyKilled } from "./scenarios/envoyKilled";
import { scaled, valuesChanged } from "./scenarios/gatewayChanged";
import { killedCreate, killedDestroy, killedRotation } from "./scenarios/killed";
import { meshCaIntermediate, meshCaNewRoot } from "./scenarios/meshCa";
import { nodeDrained } from "./scenarios/nodeDrained";
import { overload } from "./scenarios/overload";
import { istioByRevision, istioInPlace } from "./scenarios/istioUpgraded";
import { addressChanged, addressDead, addressRefuses, dnsDown } from "./scenarios/names";
import { partnerForgetful, partnerScenarios } from "./scenarios/partner";
import { podDeleted, podKilled } from "./scenarios/podDeleted";
import { rollingRestart } from "./scenarios/rollingRestart";
import { soakLong, soakShort } from "./scenarios/soak";
import { secondStack, twoUpdates } from "./scenarios/stacks";

/** In the order in which they run. */
export const SCENARIOS: Scenario[] = [
    ...[podDeleted, podKilled, envoyKilled, nodeDrained, rollingRestart, valuesChanged, scaled],
    ...[istioInPlace, istioByRevision],
    ...[meshCaIntermediate, meshCaNewRoot],
    ...[istiodDown, istiodDownLong, apiServerDown, apiServerDownLong, etcdRestarted],
    ...[dnsDown, addressChanged, addressDead, addressRefuses],
    ...[...partnerScenarios, partnerForgetful],
    ...[overload, twoUpdates, secondStack, killedCreate, killedRotation, killedDestroy],
    ...[deletedByHand, editedByHand, certificateExpired, clockAhead, soakShort, soakLong],
];

/** The scenarios of these names; without any, all that need not be named. */
export function chosen(names: string[], scenarios: Scenario[] = SCENARIOS): Scenario[] {
    return chosenByName(
        "scenario",
        names,
        scenarios,
        scenarios.filter(({ onlyByName }) => !onlyByName),
    );
}
