package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"
)

type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer

	language string
	engine   string
	// The folder in which the old host lies under the name that this one was called by.
	originals string

	lock sync.Mutex
	// By the arguments that they were started with: the old hosts are told a program's options when they start.
	started map[string]pulumirpc.LanguageRuntimeClient
}

func newHost(called, engine string) *host {
	return &host{
		language:  strings.TrimPrefix(filepath.Base(called), "pulumi-language-"),
		engine:    engine,
		originals: filepath.Join(filepath.Dir(called), "originals"),
		started:   map[string]pulumirpc.LanguageRuntimeClient{},
	}
}

// The options of a program that the old hosts know, too.
var knownOptions = map[string][]string{
	"nodejs": {"typescript", "tsconfig", "nodeargs"},
	"python": {"virtualenv"},
}

// The old host for a program, started if it is not running yet.
func (h *host) old(info *pulumirpc.ProgramInfo) (pulumirpc.LanguageRuntimeClient, error) {
	var args []string
	if h.language == "python" {
		args = append(args, "-use-executor="+filepath.Join(h.originals, "pulumi-language-python-exec"))
	}
	options := info.GetOptions().AsMap()
	for _, name := range knownOptions[h.language] {
		if value, given := options[name]; given {
			args = append(args, fmt.Sprintf("-%s=%v", name, value))
		}
	}
	args = append(args, "-root="+info.GetRootDirectory(), h.engine)

	h.lock.Lock()
	defer h.lock.Unlock()
	key := strings.Join(append(args, info.GetProgramDirectory()), "\n")
	if client, running := h.started[key]; running {
		return client, nil
	}
	client, err := h.start(info.GetProgramDirectory(), args)
	if err == nil {
		h.started[key] = client
	}
	return client, err
}

func (h *host) start(directory string, args []string) (pulumirpc.LanguageRuntimeClient, error) {
	command := exec.Command(filepath.Join(h.originals, "pulumi-language-"+h.language), args...)
	command.Dir = directory
	command.Stderr = os.Stderr
	// The engine ends this host without a word, and the old one would notice minutes later.
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	stdout, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	reader := bufio.NewReader(stdout)
	port, err := reader.ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("the host of sdk 3.60 for %s did not start: %w", h.language, err)
	}
	// What a program prints goes through its host's own output.
	go func() { _, _ = io.Copy(os.Stdout, reader) }()
	connection, err := grpc.NewClient("127.0.0.1:"+strings.TrimSpace(port),
		grpc.WithTransportCredentials(insecure.NewCredentials()), rpcutil.GrpcChannelOptions())
	if err != nil {
		return nil, err
	}
	return pulumirpc.NewLanguageRuntimeClient(connection), nil
}

func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{}, nil
}

func (h *host) GetRequiredPlugins(
	ctx context.Context, request *pulumirpc.GetRequiredPluginsRequest,
) (*pulumirpc.GetRequiredPluginsResponse, error) {
	old, err := h.old(request.GetInfo())
	if err != nil {
		return nil, err
	}
	return old.GetRequiredPlugins(ctx, request)
}

func (h *host) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	old, err := h.old(request.GetInfo())
	if err != nil {
		return nil, err
	}
	monitor, err := monitorForOldHosts(request.GetMonitorAddress())
	if err != nil {
		return nil, err
	}
	request.MonitorAddress = monitor
	return old.Run(ctx, request)
}

func (h *host) About(ctx context.Context, request *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	old, err := h.old(request.GetInfo())
	if err != nil {
		return nil, err
	}
	return old.About(ctx, request)
}

func (h *host) GetProgramDependencies(
	ctx context.Context, request *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	old, err := h.old(request.GetInfo())
	if err != nil {
		return nil, err
	}
	return old.GetProgramDependencies(ctx, request)
}

func (h *host) InstallDependencies(
	request *pulumirpc.InstallDependenciesRequest, server pulumirpc.LanguageRuntime_InstallDependenciesServer,
) error {
	if request.GetIsPlugin() && h.language == "nodejs" {
		return installPlugin(request, server)
	}
	old, err := h.old(request.GetInfo())
	if err != nil {
		return err
	}
	stream, err := old.InstallDependencies(server.Context(), request)
	if err != nil {
		return err
	}
	for {
		message, err := stream.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := server.Send(message); err != nil {
			return err
		}
	}
}
