import { version } from "@pulumi/kubernetes/package.json";
import { serve } from "../shared/serve";
import { KubernetesStandIn } from "./provider";

void serve(new KubernetesStandIn(version));
