import { version } from "@pulumi/azure-native/package.json";
import { serve } from "../shared/serve";
import { AzureStandIn } from "./provider";

void serve(new AzureStandIn(version));
