// A language host for the engine of today, made of one of yesterday's: see lab/standins/README.md.
//
// Pulumi's present hosts for Node and Python are Go modules that no proxy has; the last that can be had are those of
// sdk 3.60. What the engine has learnt to ask since then this program answers itself; the rest it hands on to them.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/cmdutil"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

func main() {
	flag.Parse()
	engine := flag.Arg(0)
	// The name by which it was called, a link's, says which language is meant and where the old host is.
	called, err := filepath.Abs(os.Args[0])
	if err != nil {
		cmdutil.Exit(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	if err := rpcutil.Healthcheck(ctx, engine, 5*time.Minute, cancel); err != nil {
		cmdutil.Exit(err)
	}
	stop := make(chan bool)
	go func() {
		<-ctx.Done()
		close(stop)
	}()
	host := newHost(called, engine)
	server, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: stop,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, host)
			return nil
		},
	})
	if err != nil {
		cmdutil.Exit(err)
	}
	fmt.Printf("%d\n", server.Port)
	if err := <-server.Done; err != nil {
		cmdutil.Exit(err)
	}
}
