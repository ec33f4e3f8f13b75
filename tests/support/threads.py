"""Work that several threads do at once."""

import sys
import threading


def together(count, work):
    """Do some work in that many threads that begin at once; what each of them gave, or raised."""
    start, given = threading.Barrier(count), [None] * count

    def run(number):
        start.wait()
        try:
            given[number] = work()
        except Exception as error:
            given[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    return given
