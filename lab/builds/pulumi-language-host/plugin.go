package main

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// RunPlugin starts a package or a policy pack written in TypeScript or JavaScript, by the program that Pulumi's npm
// package has for it. As the original does (sdk/nodejs/cmd/pulumi-language-nodejs/main.go), a policy pack gets its folder
// as the last argument and runs in it; without the stack's configuration, which the original hands it too.
func (h *host) RunPlugin(
	request *pulumirpc.RunPluginRequest, server pulumirpc.LanguageRuntime_RunPluginServer,
) error {
	if h.language != "nodejs" {
		return status.Error(codes.Unimplemented, "this stand-in runs only plugins of Node")
	}
	directory := request.GetInfo().GetProgramDirectory()
	isPolicyPack := request.GetKind() == string(apitype.AnalyzerPlugin)
	program := "run-plugin"
	if isPolicyPack {
		program = "run-policy-pack"
	}
	locate := exec.CommandContext(server.Context(), "node", "-p", "require.resolve('@pulumi/pulumi/cmd/"+program+"')")
	locate.Dir = directory
	runner, err := locate.Output()
	if err != nil {
		return fmt.Errorf("no @pulumi/pulumi is installed in or above %s: %w", directory, err)
	}
	closer, stdout, stderr, err := rpcutil.MakeRunPluginStreams(server, false)
	if err != nil {
		return err
	}
	defer closer.Close()

	args := append([]string{directory}, request.GetArgs()...)
	folder := request.GetPwd()
	if isPolicyPack {
		args = append(append([]string{}, request.GetArgs()...), directory)
		folder = directory
	}
	command := exec.CommandContext(server.Context(), "node", append([]string{strings.TrimSpace(string(runner))}, args...)...)
	command.Dir = folder
	command.Env = request.GetEnv()
	command.Stdout, command.Stderr = stdout, stderr
	var exit *exec.ExitError
	if err := command.Run(); errors.As(err, &exit) {
		code := &pulumirpc.RunPluginResponse_Exitcode{Exitcode: int32(exit.ExitCode())}
		return server.Send(&pulumirpc.RunPluginResponse{Output: code})
	} else if err != nil {
		return err
	}
	return closer.Close()
}

// The old host knows no plugins, and would install what only their developers need.
func installPlugin(
	request *pulumirpc.InstallDependenciesRequest, server pulumirpc.LanguageRuntime_InstallDependenciesServer,
) error {
	closer, stdout, stderr, err := rpcutil.MakeInstallDependenciesStreams(server, request.GetIsTerminal())
	if err != nil {
		return err
	}
	defer closer.Close()

	command := exec.CommandContext(server.Context(), "npm", "install", "--omit=dev", "--loglevel=error")
	command.Dir = request.GetDirectory()
	command.Stdout, command.Stderr = stdout, stderr
	if err := command.Run(); err != nil {
		return fmt.Errorf("npm install failed in %s: %w", request.GetDirectory(), err)
	}
	return closer.Close()
}
