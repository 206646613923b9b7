package main

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// healthCmd asks a server on this machine whether it answers. It opens no store, so that
// it costs the same however much one holds.
type healthCmd struct {
	Listen  string        `default:"127.0.0.1:8080" env:"GRIDBEAT_LISTEN" help:"Where the server listens."`
	Timeout time.Duration `default:"3s" help:"How long to wait for the answer."`
}

// Run does the command.
func (h *healthCmd) Run(ctx context.Context, con *console) error {
	ctx, cancel := context.WithTimeout(ctx, h.Timeout)
	defer cancel()
	address := "http://" + h.Listen + "/healthz"
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return fmt.Errorf("--listen %q is no address; write HOST:PORT", h.Listen)
	}
	answer, err := http.DefaultClient.Do(ask)
	if err != nil {
		return h.tell(con, "no answer from "+h.Listen, false)
	}
	defer answer.Body.Close()
	return h.tell(con, fmt.Sprintf("%s answers %s", h.Listen, answer.Status), answer.StatusCode == http.StatusOK)
}

func (h *healthCmd) tell(con *console, what string, well bool) error {
	if err := con.result(map[string]any{"healthy": well, "detail": what}, what); err != nil {
		return err
	}
	if !well {
		return errCheckFailed
	}
	return nil
}
