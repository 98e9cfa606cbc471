# The M/M/c workload of queueing-bench.ts as SimPy's own examples would write it: a process a request, a Resource a pod.
# Prints a line of JSON: requests a second of processor time, and the mean wait in mean service times.
import json
import random
import sys
import time

import simpy

SERVERS = int(sys.argv[1])
UTILISATION = float(sys.argv[2])
REQUESTS = int(sys.argv[3])

draw = random.Random(1)
environment = simpy.Environment()
pod = simpy.Resource(environment, capacity=SERVERS)
waits = 0.0


def request():
    global waits
    arrived = environment.now
    with pod.request() as turn:
        yield turn
        waits += environment.now - arrived
        yield environment.timeout(draw.expovariate(1.0))


def traffic():
    for _ in range(REQUESTS):
        yield environment.timeout(draw.expovariate(UTILISATION * SERVERS))
        environment.process(request())


environment.process(traffic())
start = time.process_time()
environment.run()
seconds = time.process_time() - start
print(json.dumps({"requestsPerSecond": REQUESTS / seconds, "meanWait": waits / REQUESTS, "simpy": simpy.__version__}))
