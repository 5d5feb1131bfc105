// Command stripestandin serves the stand-in of Stripe for tests that run the program: it prints its address once it listens, and ends
// when its input does, or with a signal.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"gongshu/internal/payment/stripe/standin"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:0", "address of this machine to listen on")
	key := flag.String("key", "sk_test_standin", "secret key that requests must bear")
	webhook := flag.String("webhook", "", "URL that events are sent to; none where it is empty")
	secrets := flag.String("webhook-secrets", "whsec_standin", "what events are signed with, comma between two")
	accounts := flag.String("accounts", "", "connected accounts that can be paid, comma between two")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() {
		io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	options := standin.Options{Key: *key, WebhookURL: *webhook, WebhookSecrets: strings.Split(*secrets, ","), Accounts: strings.Split(*accounts, ",")}
	if err := standin.Serve(ctx, *addr, options, func(address string) { fmt.Println("http://" + address) }); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
