package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// process is a program that serves under measure, and says what it does in a log.
type process struct {
	base    string // where it answers
	command *exec.Cmd
	log     *os.File
	ended   chan error
}

// start begins a program that will serve at an address.
func start(log, address string, environment []string, program string, args ...string) (*process, error) {
	p := &process{base: "http://" + address, command: exec.Command(program, args...), ended: make(chan error, 1)}
	var err error
	if p.log, err = os.Create(log); err != nil {
		return nil, err
	}
	p.command.Env, p.command.Stdout, p.command.Stderr = environment, p.log, p.log
	if err := p.command.Start(); err != nil {
		return nil, errors.Join(err, p.log.Close())
	}
	go func() { p.ended <- p.command.Wait() }()
	return p, nil
}

// await waits until a path is answered with 200; without a path, until it answers anything.
func (p *process) await(ctx context.Context, path string) error {
	for {
		if response, err := http.Get(p.base + path); err == nil {
			response.Body.Close()
			if path == "" || response.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case err := <-p.ended:
			p.ended <- nil
			return fmt.Errorf("%s ended: %v; see %s", p.command.Path, err, p.log.Name())
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// stop ends it as an operator would.
func (p *process) stop() error {
	defer p.log.Close()
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case err := <-p.ended:
		return err
	case <-time.After(time.Minute):
		return errors.Join(fmt.Errorf("%s did not stop within a minute", p.command.Path), p.command.Process.Kill())
	}
}

func (p *process) pid() int { return p.command.Process.Pid }
