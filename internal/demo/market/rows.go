package market

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
)

// district is a part of Mianyang with its region code (GB/T 2260) and its weight in the demo, roughly by population.
type district struct {
	name   string
	code   string
	weight int
}

var districts = []district{
	{"涪城区", "510703", 26}, {"游仙区", "510704", 11}, {"安州区", "510705", 8}, {"江油市", "510781", 15},
	{"三台县", "510722", 19}, {"盐亭县", "510723", 7}, {"梓潼县", "510725", 5}, {"北川羌族自治县", "510726", 4}, {"平武县", "510727", 3},
}

func anyDistrict(r *rand.Rand) district {
	n := r.IntN(98) // the sum of the weights
	for _, d := range districts {
		if n -= d.weight; n < 0 {
			return d
		}
	}
	return districts[0]
}

// months returns n months up to June 2026, oldest first.
func months(n int) []string {
	all := make([]string, n)
	for i := range all {
		m := 2026*12 + 5 - (n - 1 - i)
		all[i] = fmt.Sprintf("%04d-%02d", m/12, m%12+1)
	}
	return all
}

// logNormal has the given median; sigma is the spread of its logarithm.
func logNormal(r *rand.Rand, median, sigma float64) float64 {
	return median * math.Exp(sigma*r.NormFloat64())
}

// around is normal around a mean and stays within low and high.
func around(r *rand.Rand, mean, deviation, low, high float64) float64 {
	return min(max(mean+deviation*r.NormFloat64(), low), high)
}

// classSize is how many a row sums up: 21 at least, with a long tail.
func classSize(r *rand.Rand, median float64) int {
	return 21 + int(logNormal(r, median, 0.5))
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

func whole(n int) string { return strconv.Itoa(n) }

func decimal(x float64, places int) string { return strconv.FormatFloat(x, 'f', places, 64) }

// firm is a synthetic business; the same number is the same firm in every product of one seed.
type firm struct {
	code      string
	name      string
	district  string
	capital   float64 // 10,000 yuan
	penalties int
	abnormal  bool
}

// Numbers below agricultural are firms of every trade, those above of agriculture.
const agricultural = 5000

func firmOf(seed uint64, number int) firm {
	r := rand.New(rand.NewPCG(seed, uint64(number)))
	d := anyDistrict(r)
	capital := math.Round(logNormal(r, 120, 1.3)/10) * 10
	f := firm{
		code: CreditCode("91"+d.code, 10000+number), name: fmt.Sprintf("演示企业%04d", number), district: d.name,
		capital: max(capital, 1),
	}
	for f.penalties < 9 && r.Float64() < 0.14 {
		f.penalties++
	}
	f.abnormal = r.Float64() < 0.03+0.1*float64(min(f.penalties, 3))
	return f
}

func capitalBand(capital float64) string {
	switch {
	case capital < 50:
		return "50万元以下"
	case capital < 200:
		return "50至200万元"
	case capital < 1000:
		return "200至1000万元"
	case capital < 5000:
		return "1000至5000万元"
	}
	return "5000万元以上"
}
