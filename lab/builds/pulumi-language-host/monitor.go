package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
)

// An old host passes a program's calls on to the engine one method after the other, and the question for the engine's features
// with them. These it says yes to and then cannot pass on, since its sdk has no such method.
var notPassedOn = []string{"errorHooks"}

const supportsFeature = "/pulumirpc.ResourceMonitor/SupportsFeature"

// Messages as they come: what is not answered here is not read either.
type rawCodec struct{}

func (rawCodec) Marshal(value any) ([]byte, error) { return *value.(*[]byte), nil }
func (rawCodec) Name() string                      { return "proto" }
func (rawCodec) Unmarshal(data []byte, value any) error {
	*value.(*[]byte) = append([]byte(nil), data...)
	return nil
}

// Serves the engine's monitor at an address of our own, without the features that an old host cannot pass on.
func monitorForOldHosts(address string) (string, error) {
	engine, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()),
		rpcutil.GrpcChannelOptions(), grpc.WithDefaultCallOptions(grpc.ForceCodec(rawCodec{})))
	if err != nil {
		return "", err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := grpc.NewServer(grpc.ForceServerCodec(rawCodec{}), grpc.MaxRecvMsgSize(1<<30), grpc.MaxSendMsgSize(1<<30),
		grpc.UnknownServiceHandler(func(_ any, stream grpc.ServerStream) error { return passOn(engine, stream) }))
	// The host ends with the engine's program, and the server with it.
	go func() { _ = server.Serve(listener) }()
	return listener.Addr().String(), nil
}

func passOn(engine *grpc.ClientConn, stream grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(stream)
	var first []byte
	if err := stream.RecvMsg(&first); err != nil {
		return err
	}
	if method == supportsFeature {
		var question pulumirpc.SupportsFeatureRequest
		if err := proto.Unmarshal(first, &question); err != nil {
			return err
		}
		for _, id := range notPassedOn {
			if question.GetId() == id {
				answer, err := proto.Marshal(&pulumirpc.SupportsFeatureResponse{HasSupport: false})
				if err != nil {
					return err
				}
				return stream.SendMsg(&answer)
			}
		}
	}
	headers, _ := metadata.FromIncomingContext(stream.Context())
	ctx, cancel := context.WithCancel(metadata.NewOutgoingContext(stream.Context(), headers.Copy()))
	defer cancel()
	shape := &grpc.StreamDesc{ServerStreams: true}
	call, err := engine.NewStream(ctx, shape, method)
	if err != nil {
		return err
	}
	if err := call.SendMsg(&first); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %w", strings.TrimPrefix(method, "/"), err)
	}
	if err := call.CloseSend(); err != nil {
		return err
	}
	for {
		var message []byte
		if err := call.RecvMsg(&message); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := stream.SendMsg(&message); err != nil {
			return err
		}
	}
}
