import { chosenByName } from "../bench/chosen";
import type { Scenario } from "./scenario";
import { apiServerDown, apiServerDownLong, etcdRestarted, istiodDown, istiodDownLong } from "./scenarios/controlPlane";
import { certificateExpired } from "./scenarios/certificateExpired";
import { envoyKilled } from "./scenarios/envoyKilled";
import { scaled, valuesChanged } from "./scenarios/gatewayChanged";
import { overload } from "./scenarios/overload";
import { istioByRevision, istioInPlace } from "./scenarios/istioUpgraded";
import { addressChanged, addressDead, dnsDown } from "./scenarios/names";
import { partnerForgetful, partnerScenarios } from "./scenarios/partner";
import { podDeleted, podKilled } from "./scenarios/podDeleted";
import { rollingRestart } from "./scenarios/rollingRestart";
import { soakLong, soakShort } from "./scenarios/soak";
import { deletedByHand, editedByHand, twoUpdates } from "./scenarios/stacks";

/** In the order in which they run. */
export const SCENARIOS: Scenario[] = [
    ...[podDeleted, podKilled, envoyKilled, rollingRestart, valuesChanged, scaled],
    ...[istioInPlace, istioByRevision],
    ...[istiodDown, istiodDownLong, apiServerDown, apiServerDownLong, etcdRestarted],
    ...[dnsDown, addressChanged, addressDead],
    ...[...partnerScenarios, partnerForgetful],
    ...[overload, twoUpdates, deletedByHand, editedByHand, certificateExpired, soakShort, soakLong],
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
