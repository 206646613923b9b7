// Command gridbeat is the one program of the project: it fills a store from maps
// and tables, draws and publishes grids, assigns places to them, plans patrols and
// serves the map. This package is wiring only; what is decided, is decided in
// geo, routing and data.
//
// Read cli.go for the commands, then the file named after the command.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
