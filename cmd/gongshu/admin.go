package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"gongshu/internal/config"
	"gongshu/internal/market"
)

// admin founds the platform: its organisation and the first person, who administers it.
func admin(ctx context.Context, p *config.Program) error {
	a := p.Admin
	secret, err := password(a.PasswordFile)
	if err != nil {
		return err
	}
	name := a.Name
	if name == "" {
		name = a.Email
	}
	return withMarket(ctx, p.Data, func(m *market.Market) error {
		if err := m.PlatformFound(ctx, a.Organisation, a.CreditCode, a.Email, name, secret); err != nil {
			return err
		}
		fmt.Println("The platform is founded; its administrator can sign in.")
		return nil
	})
}

// password asks twice on a terminal; otherwise it is the first line of the file or of standard input.
func password(file string) (string, error) {
	if file != "" {
		f, err := os.Open(file)
		if err != nil {
			return "", fmt.Errorf("read the password: %w", err)
		}
		defer f.Close()
		return firstLine(f)
	}
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return firstLine(os.Stdin)
	}
	first, err := ask("Password: ")
	if err != nil {
		return "", err
	}
	second, err := ask("Once more: ")
	if err == nil && first != second {
		err = errors.New("the two passwords differ")
	}
	return first, err
}

func ask(prompt string) (string, error) {
	fmt.Fprint(os.Stderr, prompt)
	defer fmt.Fprintln(os.Stderr)
	secret, err := term.ReadPassword(int(os.Stdin.Fd()))
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return string(secret), nil
}

func firstLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil && err != io.EOF {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}
