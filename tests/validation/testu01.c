/* The keyed words of scslab.base.luck, in one of three orders, for TestU01 (L'Ecuyer and Simard 2007), and two hashes that are too weak.
 *
 *     testu01 words    ORDER KIND KEYS COUNT     prints so many words, to be compared with the package's
 *     testu01 small    ORDER KIND KEYS           runs SmallCrush and prints a line "p VALUE NAME" per statistic
 *     testu01 crush    ORDER KIND KEYS           the same with Crush
 *
 * ORDER: id     one stream and month, person after person
 *        month  240 months of a person, then the next person
 *        stream all streams and four ordinals of a person, then the next person
 * KIND:  philox ten rounds, as the package; rounds2 two rounds only; weyl a linear hash
 * KEYS:  a file with two 32-bit keys a line, one line a stream
 *
 * Words have 31 bits, so TestU01 gets them as numbers in [0, 1) of that resolution, which is what its batteries ask for.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef WITH_TESTU01
#include "bbattery.h"
#include "swrite.h"
#include "unif01.h"
#endif

enum { MONTHS = 240, MONTH = 217, KIND_CODE = 3, ORDINALS = 4, MOST_STREAMS = 4096, BUFFER = 4096 };

static uint32_t keys[MOST_STREAMS][2];
static uint64_t streams, position;
static int order, weak;
static uint32_t buffer[BUFFER];
static int left;

static uint32_t word(uint32_t k0, uint32_t k1, uint64_t id, uint32_t month, uint32_t ordinal)
{
    uint32_t c0 = (uint32_t)id, c1 = (uint32_t)(id >> 32), c2 = month, c3 = ordinal;
    if (weak == 2)
        return (c0 * 0x9E3779B1u + c1 * 0x85EBCA77u + c2 * 0xC2B2AE3Du + c3 * 0x27D4EB2Fu + k0 * 0x165667B1u + k1) >> 1;
    for (int round = 0; round < (weak == 1 ? 2 : 10); round++) {
        uint64_t p0 = (uint64_t)0xD2511F53u * c0, p1 = (uint64_t)0xCD9E8D57u * c2;
        uint32_t n0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0, n2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c1 = (uint32_t)p1;
        c3 = (uint32_t)p0;
        c0 = n0;
        c2 = n2;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return c0 >> 1;
}

static uint32_t at(uint64_t n)
{
    uint64_t person = n, stream = 0;
    uint32_t month = MONTH, ordinal = 0;
    if (order == 1) {
        person = n / MONTHS;
        month = (uint32_t)(n % MONTHS);
    } else if (order == 2) {
        stream = n % streams;
        ordinal = (uint32_t)(n / streams % ORDINALS);
        person = n / streams / ORDINALS;
    }
    return word(keys[stream][0], keys[stream][1], (person << 28) | ((uint64_t)month << 16) | (KIND_CODE << 8), month, ordinal);
}

static uint32_t next_word(void)
{
    if (left == 0) {
        for (int i = 0; i < BUFFER; i++)
            buffer[i] = at(position + (uint64_t)i);
        position += BUFFER;
        left = BUFFER;
    }
    return buffer[BUFFER - left--];
}

#ifdef WITH_TESTU01
static double uniform(void) { return next_word() / 2147483648.0; }
#endif

static int find(const char *name, const char *const names[3])
{
    for (int i = 0; i < 3; i++)
        if (!strcmp(name, names[i]))
            return i;
    fprintf(stderr, "unknown: %s\n", name);
    exit(2);
}

int main(int argc, char **argv)
{
    static const char *const orders[] = {"id", "month", "stream"}, *const kinds[] = {"philox", "rounds2", "weyl"};
    if (argc < 5)
        return 2;
    order = find(argv[2], orders);
    weak = find(argv[3], kinds);
    FILE *file = fopen(argv[4], "r");
    while (file && streams < MOST_STREAMS && fscanf(file, "%" SCNu32 " %" SCNu32, &keys[streams][0], &keys[streams][1]) == 2)
        streams++;
    if (!streams)
        return 2;
    fclose(file);
    if (!strcmp(argv[1], "words")) {
        for (long n = argc > 5 ? atol(argv[5]) : 0; n > 0; n--)
            printf("%" PRIu32 "\n", next_word());
        return 0;
    }
#ifdef WITH_TESTU01
    unif01_Gen *gen = unif01_CreateExternGen01("scslab", uniform);
    swrite_Basic = FALSE;
    if (!strcmp(argv[1], "small"))
        bbattery_SmallCrush(gen);
    else
        bbattery_Crush(gen);
    for (int i = 0; i < bbattery_NTests; i++)
        printf("p %.17g %s\n", bbattery_pVal[i], bbattery_TestNames[i]);
    unif01_DeleteExternGen01(gen);
    return 0;
#else
    fprintf(stderr, "built without TestU01\n");
    return 2;
#endif
}
