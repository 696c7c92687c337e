package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// GeneratePackage writes the SDK of a package, with the generator that Pulumi's own hosts have it from, too.
func (h *host) GeneratePackage(
	_ context.Context, request *pulumirpc.GeneratePackageRequest,
) (*pulumirpc.GeneratePackageResponse, error) {
	loader, err := schema.NewLoaderClient(request.GetLoaderTarget())
	if err != nil {
		return nil, err
	}
	cached := schema.NewCachedLoader(loader)
	var spec schema.PackageSpec
	if err := json.Unmarshal([]byte(request.GetSchema()), &spec); err != nil {
		return nil, err
	}
	bound, diagnostics, err := schema.BindSpec(spec, cached, schema.ValidationOptions{})
	if err != nil {
		return nil, err
	}
	if diagnostics.HasErrors() {
		return told(diagnostics), nil
	}
	files, err := h.generate(request, bound, cached)
	if err != nil {
		return nil, err
	}
	for name, content := range files {
		path := filepath.Join(request.GetDirectory(), filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return nil, err
		}
	}
	return told(diagnostics), nil
}

func (h *host) generate(
	request *pulumirpc.GeneratePackageRequest, bound *schema.Package, loader schema.ReferenceLoader,
) (map[string][]byte, error) {
	tool := "pulumi-language-" + h.language
	if h.language == "python" {
		return python.GeneratePackage(tool, bound, request.GetExtraFiles(), loader)
	}
	dependencies, local := request.GetLocalDependencies(), request.GetLocal()
	return nodejs.GeneratePackage(tool, bound, request.GetExtraFiles(), dependencies, local, loader)
}

func told(diagnostics hcl.Diagnostics) *pulumirpc.GeneratePackageResponse {
	return &pulumirpc.GeneratePackageResponse{Diagnostics: plugin.HclDiagnosticsToRPCDiagnostics(diagnostics)}
}

// Link makes a program depend on SDKs that were generated beside it.
func (h *host) Link(ctx context.Context, request *pulumirpc.LinkRequest) (*pulumirpc.LinkResponse, error) {
	root := request.GetInfo().GetRootDirectory()
	var instructions []string
	for _, dependency := range request.GetPackages() {
		link := linkNode
		if h.language == "python" {
			link = linkPython
		}
		instruction, err := link(ctx, root, dependency)
		if err != nil {
			return nil, err
		}
		instructions = append(instructions, instruction)
	}
	return &pulumirpc.LinkResponse{ImportInstructions: strings.Join(instructions, "\n")}, nil
}

func linkNode(ctx context.Context, root string, dependency *pulumirpc.LinkRequest_LinkDependency) (string, error) {
	text, err := os.ReadFile(filepath.Join(root, dependency.GetPath(), "package.json"))
	if err != nil {
		return "", err
	}
	var sdk struct{ Name string }
	if err := json.Unmarshal(text, &sdk); err != nil {
		return "", err
	}
	setting := fmt.Sprintf("dependencies[%s]=file:%s", sdk.Name, dependency.GetPath())
	set := exec.CommandContext(ctx, "npm", "pkg", "set", setting)
	set.Dir = root
	if output, err := set.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm pkg set: %w\n%s", err, output)
	}
	return fmt.Sprintf("Import it by: import * as sdk from %q", sdk.Name), nil
}

func linkPython(_ context.Context, root string, dependency *pulumirpc.LinkRequest_LinkDependency) (string, error) {
	path := filepath.Join(root, "requirements.txt")
	text, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		return "", err
	}
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	for _, line := range lines {
		if strings.TrimSpace(line) == dependency.GetPath() {
			return "", nil
		}
	}
	lines = append(lines, dependency.GetPath())
	module := "pulumi_" + strings.ReplaceAll(dependency.GetPackage().GetName(), "-", "_")
	return "Import it by: import " + module, os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o644)
}
