#include "stet/cli.h"

int main(int argc, char **argv)
{
	return stet_cli_run(argc, argv);
}
